//! The gradients of attention.

use super::{Attention, Mask, Part, PartMut, rows};
use crate::kernels::Real;
use crate::kernels::gemm::gemm;
use crate::kernels::rows::sum_by_two;
use crate::kernels::scratch::with_slice;
use crate::kernels::simd::tiered;

/// Where the gradients go, as far as they are wanted; they are set.
#[derive(Debug)]
pub struct Gradients<'a, T> {
    /// Of the queries.
    pub q: Option<PartMut<'a, T>>,
    /// Of the keys.
    pub k: Option<PartMut<'a, T>>,
    /// Of the values.
    pub v: Option<PartMut<'a, T>>,
}

/// With weights `p`, `d_v = p^T d`, and of the scores `d_s = p (d v^T - sum(d out)) scale`: `d_q = d_s k`, `d_k = d_s^T q`. `kept` is what
/// forward noted.
///
/// # Panics
/// If a slice has another size.
pub fn gradient<T: Real>(
    attention: &Attention,
    [q, k, v]: [Part<'_, T>; 3],
    mask: Option<Mask<'_, T>>,
    out: Part<'_, T>,
    kept: &[T],
    d: Part<'_, T>,
    into: &Gradients<'_, T>,
) {
    let Attention {
        size,
        values,
        keys: all,
        ..
    } = *attention;
    let scale = T::from_f64(attention.scale);
    let block = attention.block();
    attention.parallel(|image, head| {
        with_slice::<T, _>(all * (size + values) + block * (2 * all + size), |space| {
            let (d_k, space) = space.split_at_mut(all * size);
            let (d_v, space) = space.split_at_mut(all * values);
            let (weights, space) = space.split_at_mut(block * all);
            let (d_scores, d_q) = space.split_at_mut(block * all);
            d_k.fill(T::ZERO);
            d_v.fill(T::ZERO);
            for first in (0..attention.queries).step_by(block) {
                let count = block.min(attention.queries - first);
                let keys = attention.seen(first + count - 1);
                let (weights, d_scores) = (&mut weights[..count * keys], &mut d_scores[..count * keys]);
                let q = q.rows(image, head, first, count, size);
                let k = k.rows(image, head, 0, keys, size);
                let v = v.rows(image, head, 0, keys, values);
                let d_rows = d.rows(image, head, first, count, values);
                gemm(count, size, keys, q, k.transposed(), weights, keys, false, None);
                gemm(count, values, keys, d_rows, v.transposed(), d_scores, keys, false, None);
                for i in 0..count {
                    let query = first + i;
                    let (d, out) = (d.row(image, head, query, values), out.row(image, head, query, values));
                    let (weights, d_scores) = (&mut weights[i * keys..][..keys], &mut d_scores[i * keys..][..keys]);
                    let (seen, of_scores) = attention.scores(mask.as_ref(), [image, head, query], weights);
                    let log = kept[attention.row(image, head, query)];
                    let scales = [of_scores, scale];
                    slopes(scales, log, d, out, &mut weights[..seen], &mut d_scores[..seen]);
                    weights[seen..].fill(T::ZERO);
                    d_scores[seen..].fill(T::ZERO);
                }
                let (weights, d_scores) = (rows(weights, keys), rows(d_scores, keys));
                if into.v.is_some() {
                    let (weights, d_v) = (weights.transposed(), &mut d_v[..keys * values]);
                    gemm(keys, count, values, weights, d_rows, d_v, values, true, None);
                }
                if into.k.is_some() {
                    let (d_scores, d_k) = (d_scores.transposed(), &mut d_k[..keys * size]);
                    gemm(keys, count, size, d_scores, q, d_k, size, true, None);
                }
                let Some(into) = &into.q else {
                    continue;
                };
                let d_q = &mut d_q[..count * size];
                gemm(count, keys, size, d_scores, k, d_q, size, false, None);
                for (i, d_q) in d_q.chunks_exact(size.max(1)).enumerate() {
                    // SAFETY: each head of each sample is of one task.
                    unsafe { into.row(image, head, first + i, size) }.copy_from_slice(d_q);
                }
            }
            for (into, sums, columns) in [(&into.k, d_k, size), (&into.v, d_v, values)] {
                let Some(into) = into else {
                    continue;
                };
                for key in 0..all {
                    // SAFETY: as above.
                    unsafe { into.row(image, head, key, columns) }.copy_from_slice(&sums[key * columns..][..columns]);
                }
            }
        });
    });
}

tiered! {
    /// Makes weights of scores, which are scaled by the first number, and of their gradients those of the scores, by the second.
    fn slopes<S, T>(scales: [T; 2], log: T, d: &[T], out: &[T], weights: &mut [T], d_scores: &mut [T]) {
        let ([of_scores, scale], whole) = (scales, sum_by_two(d, out, |d, out| d * out));
        for (weight, d_score) in weights.iter_mut().zip(d_scores) {
            *weight = (*weight * of_scores - log).exp::<S>();
            *d_score = *weight * (*d_score - whole) * scale;
        }
    }
}
