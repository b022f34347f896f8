//! Attention: `softmax(scale q k^T + mask) v` for each head of each sample, and its gradients.
//!
//! A few queries are taken at a time, with all keys that one of them sees: their scores are a product of matrices, and so is what comes of
//! the values. The whole matrix of weights is never there: a weight is `exp(scale q k - kept)`, where `kept` is the logarithm of the sum
//! of a query's row, and is worked out again where it is needed. Dao et al., *FlashAttention*, 2022, has the recipe. Heads are cut among
//! threads.

mod gradient;
mod mask;
mod part;

use crate::kernels::Real;
use crate::kernels::gemm::{Strided, gemm};
use crate::kernels::rows::{largest, sum_by};
use crate::kernels::scratch::with_slice;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

pub use gradient::{Gradients, gradient};
pub use mask::{Marks, Mask};
pub use part::{Part, PartMut};

/// The sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attention {
    /// The samples.
    pub images: usize,
    /// The heads.
    pub heads: usize,
    /// The queries.
    pub queries: usize,
    /// The keys, and their values.
    pub keys: usize,
    /// The features of a query and of a key.
    pub size: usize,
    /// The features of a value.
    pub values: usize,
    /// What products of queries and keys are multiplied by.
    pub scale: f64,
    /// With `Some(ahead)`, query `i` sees keys up to `i + ahead`, which may be none.
    pub causal: Option<isize>,
}

/// The queries that are taken at a time.
const QUERIES: usize = 64;
/// The most scores at a time, where those of one query are not more.
const SCORES: usize = 1 << 16;
/// Multiply-adds a task.
const TASK: usize = 1 << 17;

impl Attention {
    /// How many keys query `query` sees.
    fn seen(&self, query: usize) -> usize {
        match self.causal {
            None => self.keys,
            Some(ahead) => {
                let behind = (query + 1).saturating_add_signed(ahead);
                behind.min(self.keys)
            }
        }
    }

    /// How many queries are taken at a time.
    fn block(&self) -> usize {
        (SCORES / self.keys.max(1)).clamp(1, QUERIES).min(self.queries.max(1))
    }

    /// Calls `each` with every head of every sample.
    fn parallel(&self, each: impl Fn(usize, usize) + Sync) {
        let work = self.queries * self.keys * (self.size + self.values);
        parallel_pieces(self.images * self.heads, TASK.div_ceil(work.max(1)), |first, count| {
            (first..first + count).for_each(|index| each(index / self.heads, index % self.heads));
        });
    }

    /// Scores of a query as the exponential is to take them but for a factor, which comes second, and how many of the first keys it sees: none
    /// where the mask leaves it none.
    fn scores<T: Real>(&self, mask: Option<&Mask<'_, T>>, place: [usize; 3], scores: &mut [T]) -> (usize, T) {
        let (seen, scale) = (self.seen(place[2]), T::from_f64(self.scale));
        match mask {
            None => (seen, scale),
            Some(mask) if mask.scale(scale, place, &mut scores[..seen]) => (seen, T::ONE),
            Some(_) => (0, T::ONE),
        }
    }

    /// The place of a query among all of them.
    fn row(&self, image: usize, head: usize, query: usize) -> usize {
        (image * self.heads + head) * self.queries + query
    }
}

/// Rows of a matrix without gaps.
fn rows<T>(data: &[T], columns: usize) -> Strided<'_, T> {
    Strided {
        data,
        row: columns,
        col: 1,
    }
}

/// `out = softmax(scale q k^T + mask) v`; `kept` takes the logarithms of the sums, `[images, heads, queries]`. A query that sees no key gives 0.
///
/// # Panics
/// If a slice has another size.
pub fn forward<T: Real>(
    attention: &Attention,
    [q, k, v]: [Part<'_, T>; 3],
    mask: Option<Mask<'_, T>>,
    kept: Option<&mut [T]>,
    out: &PartMut<'_, T>,
) {
    let kept = kept.map(Shared::new);
    let Attention { size, values, .. } = *attention;
    let block = attention.block();
    attention.parallel(|image, head| {
        with_slice::<T, _>(block * (attention.keys + values), |space| {
            let (scores, sums) = space.split_at_mut(block * attention.keys);
            for first in (0..attention.queries).step_by(block) {
                let count = block.min(attention.queries - first);
                let keys = attention.seen(first + count - 1);
                let (scores, sums) = (&mut scores[..count * keys], &mut sums[..count * values]);
                let left = q.rows(image, head, first, count, size);
                let right = k.rows(image, head, 0, keys, size).transposed();
                gemm(count, size, keys, left, right, scores, keys, false, None);
                let mut factors = [T::ZERO; QUERIES];
                for (i, factor) in factors.iter_mut().enumerate().take(count) {
                    let row = &mut scores[i * keys..][..keys];
                    let (seen, scale) = attention.scores(mask.as_ref(), [image, head, first + i], row);
                    let (sum, log) = weigh(scale, &mut row[..seen]);
                    row[seen..].fill(T::ZERO);
                    *factor = if seen == 0 { T::ZERO } else { T::ONE / sum };
                    if let Some(kept) = &kept {
                        // SAFETY: each query of each head has a place of its own.
                        unsafe { kept.part(attention.row(image, head, first + i), 1) }.fill(log);
                    }
                }
                let right = v.rows(image, head, 0, keys, values);
                gemm(
                    count,
                    keys,
                    values,
                    rows(scores, keys),
                    right,
                    sums,
                    values,
                    false,
                    None,
                );
                for (i, &factor) in factors.iter().enumerate().take(count) {
                    // SAFETY: each head of each sample is of one task.
                    let out = unsafe { out.row(image, head, first + i, values) };
                    for (out, &sum) in out.iter_mut().zip(&sums[i * values..]) {
                        *out = sum * factor;
                    }
                }
            }
        });
    });
}

tiered! {
    /// `exp(scale (score - largest))` of each, their sum, and the logarithm of the sum of `exp(scale score)`; 0 of none.
    fn weigh<S, T>(scale: T, scores: &mut [T]) -> (T, T) {
        if scores.is_empty() {
            return (T::ZERO, T::ZERO);
        }
        // By the largest of what the exponential takes, for a scale may be below 0.
        scores.iter_mut().for_each(|score| *score *= scale);
        let most = largest(scores);
        scores.iter_mut().for_each(|score| *score = (*score - most).exp::<S>());
        let sum = sum_by(scores, |score| score);
        (sum, most + sum.ln::<S>())
    }
}

#[cfg(test)]
mod tests;
