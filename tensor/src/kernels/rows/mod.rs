//! Operations on rows, most of them of a contiguous matrix: softmax, norms, losses.

mod cross_entropy;
mod layer_norm;
mod mse;
mod norm;
mod softmax;

pub use cross_entropy::cross_entropy;
pub use layer_norm::{LayerNormGrads, layer_norm, layer_norm_backward};
pub use mse::mse;
pub use norm::sum_of_squares;
pub use softmax::{log_softmax, log_softmax_backward, log_softmax_of, softmax, softmax_backward, softmax_of};

use super::Real;
use super::strided::{Source, Target, copy, row_major_step};
use crate::layout::Axes;
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;
/// Independent sums within a row: enough to fill the vector units.
const LANES: usize = 32;
/// Partial results of a whole reduction that are kept on the stack.
const PARTS: usize = 64;

/// Rows a task takes.
fn rows_per_task(columns: usize) -> usize {
    (PIECE / columns.max(1)).max(1)
}

/// Copies the rows of a view, along its last axis, to `out`, and has `body(columns, rows)` go over them there.
///
/// # Panics
/// If the view reaches outside its data, or `out` has another number of elements.
fn copied_rows<T: Real>(sizes: &[usize], x: Source<'_, T>, out: &mut [T], body: impl Fn(usize, &mut [T]) + Sync) {
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    let columns = sizes.last().copied().unwrap_or(1);
    if out.is_empty() {
        return;
    }
    let strides: Axes<isize> = (0..sizes.len()).map(|axis| row_major_step(sizes, axis)).collect();
    let target = Target {
        data: &mut *out,
        offset: 0,
        strides: &strides,
    };
    copy(sizes, x, target);
    let rows = out.len() / columns;
    let shared = Shared::new(out);
    parallel_pieces(rows, rows_per_task(columns), |first, count| {
        // SAFETY: pieces are disjoint.
        body(columns, unsafe { shared.part(first * columns, count * columns) });
    });
}

/// The sum of `f(i)`-like terms over a row: lane `i` takes the elements whose index is `i` modulo the number of lanes.
#[inline(always)]
pub(super) fn sum_by<T: Real>(x: &[T], f: impl Fn(T) -> T) -> T {
    let mut lanes = [T::ZERO; LANES];
    let mut chunks = x.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += f(x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane += f(x);
    }
    join(lanes, |a, b| a + b)
}

/// The sum of `f(x, y)` over two rows.
#[inline(always)]
pub(super) fn sum_by_two<T: Real>(x: &[T], y: &[T], f: impl Fn(T, T) -> T) -> T {
    let mut lanes = [T::ZERO; LANES];
    let (mut xs, mut ys) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    for (x, y) in (&mut xs).zip(&mut ys) {
        for ((lane, &x), &y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += f(x, y);
        }
    }
    for ((lane, &x), &y) in lanes.iter_mut().zip(xs.remainder()).zip(ys.remainder()) {
        *lane += f(x, y);
    }
    join(lanes, |a, b| a + b)
}

/// The largest element; NaN wins.
#[inline(always)]
pub(super) fn largest<T: Real>(x: &[T]) -> T {
    let mut lanes = [T::NEG_INFINITY; LANES];
    let mut chunks = x.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = lane.larger(x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = lane.larger(x);
    }
    join(lanes, T::larger)
}

#[inline(always)]
fn join<T: Real>(mut lanes: [T; LANES], f: impl Fn(T, T) -> T) -> T {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = f(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests;
