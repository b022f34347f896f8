//! The list of workloads.

use tensor::prelude::*;

use super::clock::Clock;
use super::operations::{Norm768, Norm1024, add, call, matmul, upload};
use super::training::{Convolutions, Huge, Mnist, Tiny, Wide, adam, compiled, forward, momentum, recorded};
use super::workload::Scale::{Any, Large, Transfer};
use super::workload::{Measure, Scale, Work, Workload};

/// Numbers in 256 MiB of f32: more than any cache holds.
const MANY: usize = 64 << 20;

/// So many as a matrix.
const MATRIX: [usize; 2] = [16384, 4096];

const MNIST: &[usize] = &[784, 128, 10];
const WIDE: &[usize] = &[784, 2048, 2048, 10];
const HUGE: &[usize] = &[4096, 4096, 4096, 10];

/// The first convolution of 64 images, which has no gradient of its input, and all layers of them.
const FIRST: f64 = (2 * 64 * 32 * 9 * 26 * 26) as f64;
const IMAGES: f64 = FIRST + (2 * 64 * (64 * 32 * 9 * 24 * 24 + 9216 * 128 + 128 * 10)) as f64;

/// All of them, in the order in which they are measured.
pub(super) const WORKLOADS: &[Workload] = &[
    new("mlp-tiny-forward", Any, Work::Calls, |clock| {
        forward(clock, &Tiny::new(&clock.device, Seed(0)), 1)
    }),
    new("mlp-tiny-train", Any, Work::Calls, |clock| {
        compiled(clock, Tiny::new(&clock.device, Seed(0)), momentum(), 1)
    }),
    new("mlp-train", Any, Work::training(64, MNIST), |clock| {
        compiled(clock, Mnist::new(&clock.device, Seed(0)), momentum(), 64)
    }),
    new("mlp-adam-train", Any, Work::training(64, MNIST), |clock| {
        compiled(clock, Mnist::new(&clock.device, Seed(0)), adam(), 64)
    }),
    new("mlp-adam-tape", Any, Work::training(64, MNIST), |clock| {
        recorded(clock, Mnist::new(&clock.device, Seed(0)), adam(), 64)
    }),
    new("mlp-large-train", Any, Work::training(256, WIDE), |clock| {
        compiled(clock, Wide::new(&clock.device, Seed(0)), adam(), 256)
    }),
    new("mlp-large-tape", Any, Work::training(256, WIDE), |clock| {
        recorded(clock, Wide::new(&clock.device, Seed(0)), adam(), 256)
    }),
    new("mlp-large-forward", Any, Work::forward(256, WIDE), |clock| {
        forward(clock, &Wide::new(&clock.device, Seed(0)), 256)
    }),
    new("mlp-4096-train", Large, Work::training(4096, HUGE), |clock| {
        compiled(clock, Huge::new(&clock.device, Seed(0)), adam(), 4096)
    }),
    new("cnn-train", Any, Work::Operations(3.0 * IMAGES - FIRST), |clock| {
        compiled(clock, Convolutions::new(&clock.device, Seed(0)), adam(), 64)
    }),
    new("cnn-forward", Any, Work::Operations(IMAGES), |clock| {
        forward(clock, &Convolutions::new(&clock.device, Seed(0)), 64)
    }),
    new("matmul-64", Any, Work::product(64, 64, 64), matmul::<dims![64, 64]>),
    new(
        "matmul-256",
        Any,
        Work::product(256, 256, 256),
        matmul::<dims![256, 256]>,
    ),
    new(
        "matmul-1024",
        Any,
        Work::product(1024, 1024, 1024),
        matmul::<dims![1024, 1024]>,
    ),
    new(
        "matmul-4096",
        Large,
        Work::product(4096, 4096, 4096),
        matmul::<dims![4096, 4096]>,
    ),
    new("softmax-2048x4096", Any, Work::floats(2 * 2048 * 4096), |clock| {
        call(clock, &[2048, 4096], |x| Ok(x.softmax()))
    }),
    new("layernorm-4096x768", Any, Work::floats(2 * 4096 * 768), |clock| {
        forward(clock, &Norm768::new(&clock.device, Seed(0)), 4096)
    }),
    new("gelu-2048x4096", Any, Work::floats(2 * 2048 * 4096), |clock| {
        call(clock, &[2048, 4096], |x| Ok(x.gelu_tanh()))
    }),
    new("sum-rows-2048x4096", Any, Work::floats(2048 * 4096), |clock| {
        call(clock, &[2048, 4096], |x| x.sum_axis(1))
    }),
    // Rows of 4096 numbers change places, so that most of the copy is of one piece.
    new("copy-256m", Large, Work::floats(2 * MANY), |clock| {
        call(clock, &[4096, 4, 4096], |x| Ok(x.transpose(0, 1)?.contiguous()))
    }),
    new("transpose-256m", Large, Work::floats(2 * MANY), |clock| {
        call(clock, &[8192, 8192], |x| Ok(x.transpose(0, 1)?.contiguous()))
    }),
    new("add-256m", Large, Work::floats(3 * MANY), |clock| add(clock, MANY)),
    new("relu-256m", Large, Work::floats(2 * MANY), |clock| {
        call(clock, &[MANY], |x| Ok(x.relu()))
    }),
    new("gelu-256m", Large, Work::floats(2 * MANY), |clock| {
        call(clock, &[MANY], |x| Ok(x.gelu()))
    }),
    new("softmax-256m", Large, Work::floats(2 * MANY), |clock| {
        call(clock, &MATRIX, |x| Ok(x.softmax()))
    }),
    new("layernorm-256m", Large, Work::floats(2 * MANY), |clock| {
        forward(clock, &Norm1024::new(&clock.device, Seed(0)), MANY / 1024)
    }),
    new("sum-256m", Large, Work::floats(MANY), |clock| {
        call(clock, &[MANY], |x| Ok(x.sum()))
    }),
    new("sum-rows-256m", Large, Work::floats(MANY), |clock| {
        call(clock, &MATRIX, |x| x.sum_axis(1))
    }),
    new("sum-columns-256m", Large, Work::floats(MANY), |clock| {
        call(clock, &MATRIX, |x| x.sum_axis(0))
    }),
    new("upload-256m", Transfer, Work::floats(MANY), |clock| upload(clock, MANY)),
    new("download-256m", Transfer, Work::floats(MANY), |clock| {
        call(clock, &[MANY], |x| x.to(Device::cpu()))
    }),
];

const fn new(name: &'static str, scale: Scale, work: Work, measure: fn(&Clock) -> tensor::Result<f64>) -> Workload {
    Workload {
        name,
        scale,
        work,
        measure: Measure::Step(measure),
    }
}
