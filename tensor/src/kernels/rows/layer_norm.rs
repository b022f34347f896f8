//! Layer normalisation (Ba, Kiros and Hinton, 2016) along rows.

use super::{rows_per_task, sum_by, sum_by_two};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// `out = (x - mean) / sqrt(variance + eps) * weight + bias` along rows, the variance without Bessel's correction.
///
/// `stats` takes `mean, 1 / sqrt(variance + eps)` of each row, for the backward.
///
/// # Panics
/// If a slice has another length than `rows * columns`, `columns` or, `stats`, `2 * rows`.
#[allow(clippy::too_many_arguments)]
pub fn layer_norm<T: Real>(
    rows: usize,
    columns: usize,
    x: &[T],
    weight: Option<&[T]>,
    bias: Option<&[T]>,
    eps: f64,
    stats: Option<&mut [T]>,
    out: &mut [T],
) {
    assert_eq!((x.len(), out.len()), (rows * columns, rows * columns));
    assert!(weight.is_none_or(|weight| weight.len() == columns) && bias.is_none_or(|bias| bias.len() == columns));
    assert!(stats.as_ref().is_none_or(|stats| stats.len() == 2 * rows));
    let (out, stats) = (Shared::new(out), stats.map(Shared::new));
    parallel_pieces(rows, rows_per_task(columns), |first, count| {
        for row in first..first + count {
            // SAFETY: rows are disjoint.
            let out = unsafe { out.part(row * columns, columns) };
            let found = normalise(
                &x[row * columns..(row + 1) * columns],
                weight,
                bias,
                T::from_f64(eps),
                out,
            );
            if let Some(stats) = &stats {
                // SAFETY: rows are disjoint.
                unsafe { stats.part(2 * row, 2) }.copy_from_slice(&found);
            }
        }
    });
}

tiered! {
    /// One row; gives its mean and reciprocal deviation.
    fn normalise<S, T>(x: &[T], weight: Option<&[T]>, bias: Option<&[T]>, eps: T, out: &mut [T]) -> [T; 2] {
        let count = T::from_usize(x.len());
        let mean = sum_by(x, |x| x) / count;
        let variance = sum_by(x, |x| (x - mean) * (x - mean)) / count;
        let scale = T::ONE / (variance + eps).sqrt();
        match (weight, bias) {
            (Some(weight), Some(bias)) => {
                for (((out, &x), &weight), &bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                    *out = S::mul_add((x - mean) * scale, weight, bias);
                }
            }
            (Some(weight), None) => {
                for ((out, &x), &weight) in out.iter_mut().zip(x).zip(weight) {
                    *out = (x - mean) * scale * weight;
                }
            }
            (None, Some(bias)) => {
                for ((out, &x), &bias) in out.iter_mut().zip(x).zip(bias) {
                    *out = (x - mean) * scale + bias;
                }
            }
            (None, None) => out.iter_mut().zip(x).for_each(|(out, &x)| *out = (x - mean) * scale),
        }
        [mean, scale]
    }
}

/// Where the gradients of a layer norm go; each with whether it is added to what is there.
#[derive(Debug, Default)]
pub struct LayerNormGrads<'a, T> {
    /// Of the input.
    pub d_x: Option<(&'a mut [T], bool)>,
    /// Of the weight.
    pub d_weight: Option<(&'a mut [T], bool)>,
    /// Of the bias.
    pub d_bias: Option<(&'a mut [T], bool)>,
}

/// The gradients of [`layer_norm`], from its `stats`.
///
/// With `h = (x - mean) * rstd` and `g = d_out * weight`: `d_x = rstd * (g - mean(g) - h * mean(g * h))`,
/// `d_weight = sum over rows of d_out * h`, `d_bias = sum over rows of d_out`.
///
/// # Panics
/// If lengths do not fit `rows` and `columns`.
pub fn layer_norm_backward<T: Real>(
    rows: usize,
    columns: usize,
    x: &[T],
    weight: Option<&[T]>,
    stats: &[T],
    d_out: &[T],
    grads: LayerNormGrads<'_, T>,
) {
    assert_eq!(
        (x.len(), d_out.len(), stats.len()),
        (rows * columns, rows * columns, 2 * rows)
    );
    assert!(weight.is_none_or(|weight| weight.len() == columns));
    if let Some((d_x, accumulate)) = grads.d_x {
        assert_eq!(d_x.len(), rows * columns);
        let d_x = Shared::new(d_x);
        parallel_pieces(rows, rows_per_task(columns), |first, count| {
            for row in first..first + count {
                let range = row * columns..(row + 1) * columns;
                // SAFETY: rows are disjoint.
                let d_x = unsafe { d_x.part(range.start, columns) };
                let stats = [stats[2 * row], stats[2 * row + 1]];
                match weight {
                    Some(weight) => input_grad(&x[range.clone()], weight, stats, &d_out[range], d_x, accumulate),
                    None => plain_input_grad(&x[range.clone()], stats, &d_out[range], d_x, accumulate),
                }
            }
        });
    }
    for (target, of_weight) in [(grads.d_weight, true), (grads.d_bias, false)] {
        let Some((target, accumulate)) = target else {
            continue;
        };
        assert_eq!(target.len(), columns);
        let shared = Shared::new(target);
        let per_task = (PIECE_OF_COLUMNS / rows.max(1)).next_multiple_of(WIDTH).max(WIDTH);
        parallel_pieces(columns, per_task, |first, count| {
            // SAFETY: pieces are disjoint.
            let out = unsafe { shared.part(first, count) };
            for (i, out) in out.chunks_mut(WIDTH).enumerate() {
                parameter_grad(columns, x, stats, d_out, first + i * WIDTH, of_weight, out, accumulate);
            }
        });
    }
}

/// Columns whose gradients are summed at once.
const WIDTH: usize = 64;
/// Rows summed one after the other before the sum goes to the total.
const BLOCK: usize = 64;
/// Elements a task of columns reads.
const PIECE_OF_COLUMNS: usize = 1 << 15;

/// `g`, then its share of the gradient, for one row; `g(i)` may be used for vector code.
#[inline(always)]
fn put_input_grad<T: Real>(
    x: &[T],
    [mean, rstd]: [T; 2],
    g: impl Fn(usize) -> T,
    sums: [T; 2],
    d_x: &mut [T],
    accumulate: bool,
) {
    let count = T::from_usize(x.len());
    let (mean_g, mean_gh) = (sums[0] / count, sums[1] / count);
    for (i, (d_x, &x)) in d_x.iter_mut().zip(x).enumerate() {
        let h = (x - mean) * rstd;
        let grad = rstd * (g(i) - mean_g - h * mean_gh);
        *d_x = if accumulate { *d_x + grad } else { grad };
    }
}

tiered! {
    fn plain_input_grad<S, T>(x: &[T], stats: [T; 2], d_out: &[T], d_x: &mut [T], accumulate: bool) {
        let d_out = &d_out[..x.len()];
        let sum_g = sum_by(d_out, |d| d);
        let sum_gh = sum_by_two(x, d_out, |x, d| (x - stats[0]) * stats[1] * d);
        put_input_grad(x, stats, |i| d_out[i], [sum_g, sum_gh], d_x, accumulate);
    }
}

tiered! {
    fn input_grad<S, T>(x: &[T], weight: &[T], stats: [T; 2], d_out: &[T], d_x: &mut [T], accumulate: bool) {
        let (d_out, weight) = (&d_out[..x.len()], &weight[..x.len()]);
        let sum_g = sum_by_two(d_out, weight, |d, weight| d * weight);
        // Three rows: by blocks, of which the products are kept.
        let mut sum_gh = T::ZERO;
        let blocks = x.chunks(BLOCK).zip(d_out.chunks(BLOCK).zip(weight.chunks(BLOCK)));
        for (x, (d_out, weight)) in blocks {
            let mut g = [T::ZERO; BLOCK];
            for ((g, &d), &weight) in g.iter_mut().zip(d_out).zip(weight) {
                *g = d * weight;
            }
            sum_gh += sum_by_two(x, &g[..x.len()], |x, g| (x - stats[0]) * stats[1] * g);
        }
        put_input_grad(x, stats, |i| d_out[i] * weight[i], [sum_g, sum_gh], d_x, accumulate);
    }
}

tiered! {
    /// `out[c]`, for the columns from `column` on, of the weight or the bias: over blocks of rows, then their sums.
    fn parameter_grad<S, T>(
        columns: usize,
        x: &[T],
        stats: &[T],
        d_out: &[T],
        column: usize,
        of_weight: bool,
        out: &mut [T],
        accumulate: bool,
    ) {
        let width = out.len();
        let rows = stats.len() / 2;
        let mut total = [T::ZERO; WIDTH];
        for first in (0..rows).step_by(BLOCK) {
            let mut block = [T::ZERO; WIDTH];
            for row in first..rows.min(first + BLOCK) {
                let at = row * columns + column;
                let d = &d_out[at..at + width];
                if of_weight {
                    let (mean, rstd) = (stats[2 * row], stats[2 * row + 1]);
                    for ((sum, &d), &x) in block.iter_mut().zip(d).zip(&x[at..at + width]) {
                        *sum = S::mul_add(d, (x - mean) * rstd, *sum);
                    }
                } else {
                    block.iter_mut().zip(d).for_each(|(sum, &d)| *sum += d);
                }
            }
            total.iter_mut().zip(block).for_each(|(total, sum)| *total += sum);
        }
        for (out, total) in out.iter_mut().zip(total) {
            *out = if accumulate { *out + total } else { total };
        }
    }
}
