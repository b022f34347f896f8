//! Chains of elementwise operations: every operation of the chain in one pass, in blocks that stay in the first cache.

mod backward;
mod forward;

use tensor_ops::Unary;

use crate::kernels::random::Stream;
use crate::threads::{Shared, parallel_pieces};

use super::Real;
use super::simd::stream;

pub use backward::{chain_backward, chain_backward_in_place};

/// Elements a block.
const BLOCK: usize = 512;
/// Elements a task.
const PIECE: usize = 1 << 14;

/// Where a pass takes its random numbers from: dropout `layer` of this pass has a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    /// The model's seed.
    pub seed: u64,
    /// Which pass it is.
    pub call: u64,
}

impl Random {
    /// The stream of dropout `layer` in this pass.
    #[inline]
    pub fn stream(self, layer: u32) -> Stream {
        Stream::new(self.seed, self.call.rotate_left(32) ^ layer as u64)
    }
}

/// `out = ops(x)`: the operations one after the other on every element, in one pass.
///
/// `random` is where dropout takes its mask from, `None` in evaluation, where it is the identity; the mask of an element is
/// that of index `first_index + i`.
///
/// # Panics
/// If `x` and `out` differ in length.
pub fn chain<T: Real>(ops: &[Unary], random: Option<Random>, first_index: usize, x: &[T], out: &mut [T]) {
    assert_eq!(x.len(), out.len());
    if x.len() <= BLOCK {
        return apply_between(ops, random, first_index, x, out);
    }
    let streams = stream::pays(size_of_val(out));
    let shared = Shared::new(out);
    parallel_pieces(x.len(), PIECE, |first, length| {
        // SAFETY: pieces are disjoint.
        let out = unsafe { shared.part(first, length) };
        let blocks = out.chunks_mut(BLOCK).zip(x[first..first + length].chunks(BLOCK));
        let mut made = [T::ZERO; BLOCK];
        for (i, (out, x)) in blocks.enumerate() {
            let index = first_index + first + i * BLOCK;
            if streams {
                let made = &mut made[..out.len()];
                apply_between(ops, random, index, x, made);
                stream::stream(made, out);
            } else {
                apply_between(ops, random, index, x, out);
            }
        }
        if streams {
            stream::fence();
        }
    });
}

/// The operations from one block to another.
#[inline]
pub(crate) fn apply_between<T: Real>(
    ops: &[Unary],
    random: Option<Random>,
    first_index: usize,
    x: &[T],
    out: &mut [T],
) {
    match ops {
        // One pass over memory for reading, computing and writing.
        [first, rest @ ..] if !matches!(first, Unary::Dropout { .. }) => {
            forward::map_between(*first, x, out);
            apply(rest, random, first_index, out);
        }
        _ => {
            out.copy_from_slice(x);
            apply(ops, random, first_index, out);
        }
    }
}

/// `x = ops(x)`, as [`chain`].
pub fn chain_in_place<T: Real>(ops: &[Unary], random: Option<Random>, first_index: usize, x: &mut [T]) {
    if x.len() <= BLOCK {
        return apply(ops, random, first_index, x);
    }
    let length = x.len();
    let shared = Shared::new(x);
    parallel_pieces(length, PIECE, |first, length| {
        // SAFETY: pieces are disjoint.
        let x = unsafe { shared.part(first, length) };
        for (i, x) in x.chunks_mut(BLOCK).enumerate() {
            apply(ops, random, first_index + first + i * BLOCK, x);
        }
    });
}

/// The operations on one block.
#[inline]
pub(crate) fn apply<T: Real>(ops: &[Unary], random: Option<Random>, first_index: usize, x: &mut [T]) {
    for &op in ops {
        if let Unary::Dropout { p, layer } = op {
            if let Some(random) = random {
                drop_out(p, random.stream(layer), first_index, x);
            }
        } else {
            forward::map(op, x);
        }
    }
}

/// `x = mask * x / (1 - p)`, which is its own backward.
fn drop_out<T: Real>(p: f64, stream: Stream, first_index: usize, x: &mut [T]) {
    // A word below the threshold drops the element; at p = 1 that is every word, which 32 bits cannot say.
    let threshold = (p * 4_294_967_296.0) as u64;
    match u32::try_from(threshold) {
        Ok(0) => {}
        Ok(threshold) => {
            forward::mask(threshold, T::from_f64(1.0 / (1.0 - p)), stream, first_index, x);
        }
        Err(_) => x.fill(T::ZERO),
    }
}

#[cfg(test)]
mod tests;
