//! Operations on elements that do not lie one after the other, beside the same on elements that do.

use std::hint::black_box;

use tensor::Result;
use tensor::prelude::*;

use super::clock::Clock;
use super::workload::Scale::Asked;
use super::workload::{Measure, Work, Workload};

type Matrix = Tensor<Dynamic>;

/// Numbers a side of a square of 256 MiB of f32: more than any cache holds.
const SIDE: usize = 8192;

/// So many numbers.
const MANY: usize = SIDE * SIDE;

/// Photos of 3 channels: 257 MiB.
const IMAGES: [usize; 4] = [448, 3, 224, 224];

/// Features of 64 channels: 256 MiB.
const FEATURES: [usize; 4] = [256, 64, 64, 64];

/// All of them, measured when they are asked for. The bytes are those of the elements; where a step leaves elements out, whole cache
/// lines are read all the same.
pub(super) const WORKLOADS: &[Workload] = &[
    // max(x^T, 0), beside max(x, 0)
    beside("relu-transposed", Work::floats(2 * MANY), |clock| {
        of_one(clock, |x| x.t(), |x| Ok(x.relu()))
    }),
    // Of every second column of a matrix of twice as many.
    beside("relu-step2", Work::floats(2 * MANY), |clock| {
        let wide = random(clock, &[SIDE, 2 * SIDE])?;
        let (x, dense) = (wide.get(i![.., (.., 2)])?, random(clock, &[SIDE, SIDE])?);
        pair(clock, || Ok(x.relu()), || Ok(dense.relu()))
    }),
    // a + b^T, beside a + b
    beside("add-transposed", Work::floats(3 * MANY), |clock| {
        of_two(clock, |b| b.t())
    }),
    // a + b, b a row that is repeated.
    beside("add-row", Work::floats(2 * MANY), |clock| {
        of_two(clock, |b| b.get(i![0]))
    }),
    // a + b, b a column that is repeated.
    beside("add-column", Work::floats(2 * MANY), |clock| {
        of_two(clock, |b| Ok(b.get(i![.., 0..1])?.contiguous()))
    }),
    // The sum of all elements of a transposed matrix, of each of its rows, of each of its columns.
    beside("sum-transposed", Work::floats(MANY), |clock| {
        of_one(clock, |x| x.t(), |x| Ok(x.sum()))
    }),
    beside("sum-rows-transposed", Work::floats(MANY), |clock| {
        of_one(clock, |x| x.t(), |x| x.sum_axis(1))
    }),
    beside("sum-columns-transposed", Work::floats(MANY), |clock| {
        of_one(clock, |x| x.t(), |x| x.sum_axis(0))
    }),
    // Along the rows of a transposed matrix.
    beside("softmax-transposed", Work::floats(2 * MANY), |clock| {
        of_one(clock, |x| x.t(), |x| Ok(x.softmax()))
    }),
    // [n, c, h, w] to [n, h, w, c], beside a copy whose rows stay in one piece.
    beside("permute-images", Work::floats(2 * 448 * 3 * 224 * 224), |clock| {
        channels_last(clock, &IMAGES)
    }),
    beside("permute-features", Work::floats(2 * MANY), |clock| {
        channels_last(clock, &FEATURES)
    }),
];

const fn beside(name: &'static str, work: Work, measure: fn(&Clock) -> Result<[f64; 2]>) -> Workload {
    Workload {
        name,
        scale: Asked,
        work,
        measure: Measure::Beside(measure),
    }
}

fn random(clock: &Clock, sizes: &[usize]) -> Result<Matrix> {
    Tensor::randn(sizes, 0)?.to(clock.device)
}

/// The same call on a view and on a matrix of the view's sizes.
fn of_one<R>(clock: &Clock, view: fn(&Matrix) -> Result<Matrix>, call: fn(&Matrix) -> Result<R>) -> Result<[f64; 2]> {
    let x = random(clock, &[SIDE, SIDE])?;
    let viewed = view(&x)?;
    pair(clock, || call(&viewed), || call(&x))
}

/// The sum of a matrix and a view, and that of two matrices.
fn of_two(clock: &Clock, view: fn(&Matrix) -> Result<Matrix>) -> Result<[f64; 2]> {
    let (a, b) = (random(clock, &[SIDE, SIDE])?, random(clock, &[SIDE, SIDE])?);
    let viewed = view(&b)?;
    pair(clock, || a.add(&viewed), || a.add(&b))
}

/// The channels, which are the second axis, become the last.
fn channels_last(clock: &Clock, sizes: &[usize; 4]) -> Result<[f64; 2]> {
    let images = random(clock, sizes)?;
    let permuted = images.permute(&[0, 2, 3, 1])?;
    let (first, rest) = (sizes[0] / 4, 4);
    let rows = images
        .reshape(&[first, rest, sizes[1] * sizes[2] * sizes[3]])?
        .transpose(0, 1)?;
    pair(clock, || Ok(permuted.contiguous()), || Ok(rows.contiguous()))
}

/// The median seconds of two calls.
fn pair<R, O>(
    clock: &Clock,
    mut viewed: impl FnMut() -> Result<R>,
    mut dense: impl FnMut() -> Result<O>,
) -> Result<[f64; 2]> {
    clock.medians(
        || viewed().map(|out| drop(black_box(out))),
        || dense().map(|out| drop(black_box(out))),
    )
}
