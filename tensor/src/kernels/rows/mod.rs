//! Operations on the rows of a contiguous matrix: softmax, norms, losses.

mod cross_entropy;
mod layer_norm;
mod mse;
mod norm;
mod softmax;

pub use cross_entropy::cross_entropy;
pub use layer_norm::{LayerNormGrads, layer_norm, layer_norm_backward};
pub use mse::mse;
pub use norm::sum_of_squares;
pub use softmax::{log_softmax, log_softmax_backward, softmax, softmax_backward};

use super::Real;

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
