//! Softmax and its logarithm along rows.

use super::{LANES, copied_rows, join, largest, rows_per_task, sum_by, sum_by_two};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::kernels::strided::Source;
use crate::threads::{Shared, parallel_pieces};

/// `out[r, c] = exp(x[r, c]) / sum over c of exp(x[r, c])`, computed from differences to the row's largest element.
///
/// # Panics
/// If a slice is not `rows * columns` long.
pub fn softmax<T: Real>(rows: usize, columns: usize, x: &[T], out: &mut [T]) {
    by_rows(rows, columns, x, x, out, |x, _, out| softmax_rows(columns, x, out));
}

/// [`softmax`] along the last axis of a view.
///
/// # Panics
/// If the view reaches outside its data, or `out` has another number of elements.
pub fn softmax_of<T: Real>(sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    copied_rows(sizes, x, out, softmax_in_place);
}

/// `out[r, c] = x[r, c] - log(sum over c of exp(x[r, c]))`, computed from differences to the row's largest element.
///
/// # Panics
/// If a slice is not `rows * columns` long.
pub fn log_softmax<T: Real>(rows: usize, columns: usize, x: &[T], out: &mut [T]) {
    by_rows(rows, columns, x, x, out, |x, _, out| log_softmax_rows(columns, x, out));
}

/// [`log_softmax`] along the last axis of a view.
///
/// # Panics
/// If the view reaches outside its data, or `out` has another number of elements.
pub fn log_softmax_of<T: Real>(sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    copied_rows(sizes, x, out, log_softmax_in_place);
}

/// `d_x = y * (d_out - sum(d_out * y))` along rows, from the softmax `y`.
///
/// # Panics
/// If a slice is not `rows * columns` long.
pub fn softmax_backward<T: Real>(rows: usize, columns: usize, y: &[T], d_out: &[T], d_x: &mut [T], accumulate: bool) {
    by_rows(rows, columns, y, d_out, d_x, |y, d, d_x| {
        softmax_grad(columns, y, d, d_x, accumulate)
    });
}

/// `d_x = d_out - exp(y) * sum(d_out)` along rows, from the log-softmax `y`.
///
/// # Panics
/// If a slice is not `rows * columns` long.
pub fn log_softmax_backward<T: Real>(
    rows: usize,
    columns: usize,
    y: &[T],
    d_out: &[T],
    d_x: &mut [T],
    accumulate: bool,
) {
    by_rows(rows, columns, y, d_out, d_x, |y, d, d_x| {
        log_softmax_grad(columns, y, d, d_x, accumulate)
    });
}

fn by_rows<T: Real>(
    rows: usize,
    columns: usize,
    a: &[T],
    b: &[T],
    out: &mut [T],
    body: impl Fn(&[T], &[T], &mut [T]) + Sync,
) {
    assert_eq!(
        (a.len(), b.len(), out.len()),
        (rows * columns, rows * columns, rows * columns)
    );
    if columns == 0 {
        return;
    }
    let shared = Shared::new(out);
    parallel_pieces(rows, rows_per_task(columns), |first, count| {
        let range = first * columns..(first + count) * columns;
        // SAFETY: pieces are disjoint.
        let out = unsafe { shared.part(range.start, range.len()) };
        body(&a[range.clone()], &b[range], out);
    });
}

tiered! {
    fn softmax_rows<S, T>(columns: usize, x: &[T], out: &mut [T]) {
        for (x, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
            let most = largest(x);
            let mut lanes = [T::ZERO; LANES];
            for (x, out) in x.chunks(LANES).zip(out.chunks_mut(LANES)) {
                for ((out, lane), &x) in out.iter_mut().zip(&mut lanes).zip(x) {
                    *out = (x - most).exp_down::<S>();
                    *lane += *out;
                }
            }
            let scale = T::ONE / join(lanes, |a, b| a + b);
            out.iter_mut().for_each(|out| *out *= scale);
        }
    }
}

tiered! {
    fn softmax_in_place<S, T>(columns: usize, rows: &mut [T]) {
        for row in rows.chunks_exact_mut(columns) {
            let most = largest(row);
            let mut lanes = [T::ZERO; LANES];
            for x in row.chunks_mut(LANES) {
                for (x, lane) in x.iter_mut().zip(&mut lanes) {
                    *x = (*x - most).exp_down::<S>();
                    *lane += *x;
                }
            }
            let scale = T::ONE / join(lanes, |a, b| a + b);
            row.iter_mut().for_each(|x| *x *= scale);
        }
    }
}

tiered! {
    fn log_softmax_rows<S, T>(columns: usize, x: &[T], out: &mut [T]) {
        for (x, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
            let most = largest(x);
            let log = sum_by(x, |x| (x - most).exp_down::<S>()).ln::<S>();
            out.iter_mut().zip(x).for_each(|(out, &x)| *out = (x - most) - log);
        }
    }
}

tiered! {
    fn log_softmax_in_place<S, T>(columns: usize, rows: &mut [T]) {
        for row in rows.chunks_exact_mut(columns) {
            let most = largest(row);
            let log = sum_by(row, |x| (x - most).exp_down::<S>()).ln::<S>();
            row.iter_mut().for_each(|x| *x = (*x - most) - log);
        }
    }
}

tiered! {
    fn softmax_grad<S, T>(columns: usize, y: &[T], d_out: &[T], d_x: &mut [T], accumulate: bool) {
        let rows = y.chunks_exact(columns).zip(d_out.chunks_exact(columns));
        for ((y, d), d_x) in rows.zip(d_x.chunks_exact_mut(columns)) {
            let dot = sum_by_two(y, d, |y, d| y * d);
            for ((d_x, &y), &d) in d_x.iter_mut().zip(y).zip(d) {
                let grad = y * (d - dot);
                *d_x = if accumulate { *d_x + grad } else { grad };
            }
        }
    }
}

tiered! {
    fn log_softmax_grad<S, T>(columns: usize, y: &[T], d_out: &[T], d_x: &mut [T], accumulate: bool) {
        let rows = y.chunks_exact(columns).zip(d_out.chunks_exact(columns));
        for ((y, d), d_x) in rows.zip(d_x.chunks_exact_mut(columns)) {
            let sum = sum_by(d, |d| d);
            for ((d_x, &y), &d) in d_x.iter_mut().zip(y).zip(d) {
                let grad = d - y.exp::<S>() * sum;
                *d_x = if accumulate { *d_x + grad } else { grad };
            }
        }
    }
}
