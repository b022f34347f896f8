//! Normalisation of rows by their root mean square.

use crate::kernels::Real;
use crate::kernels::rows::{sum_by, sum_by_two};
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// `x / sqrt(mean of x^2 + eps) * weight` for each row; `kept` takes `1 / sqrt(mean of x^2 + eps)`.
///
/// # Panics
/// If a slice has another size.
pub fn rms<T: Real>(columns: usize, eps: f64, x: &[T], weight: Option<&[T]>, kept: Option<&mut [T]>, out: &mut [T]) {
    let (out, kept) = (Shared::new(out), kept.map(Shared::new));
    let rows = x.len().checked_div(columns).unwrap_or(0);
    parallel_pieces(rows, (1_usize << 14).div_ceil(columns.max(1)), |first, count| {
        for row in first..first + count {
            let x = &x[row * columns..][..columns];
            let squares = squares(x);
            let scale = T::ONE / (squares / T::from_usize(columns) + T::from_f64(eps)).sqrt();
            if let Some(kept) = &kept {
                // SAFETY: each row has a number of its own.
                unsafe { kept.part(row, 1) }.fill(scale);
            }
            // SAFETY: each task has rows of its own.
            let out = unsafe { out.part(row * columns, columns) };
            stretch(x, scale, weight, out);
        }
    });
}

/// Its gradients: with `g = d weight`, `d_x = scale (g - x scale^2 mean of g x)` and `d_weight (+)= sum of d x scale`.
///
/// # Panics
/// If a slice has another size.
pub fn rms_gradients<T: Real>(
    x: &[T],
    weight: Option<&[T]>,
    kept: &[T],
    d: &[T],
    d_x: Option<&mut [T]>,
    d_weight: Option<(&mut [T], bool)>,
) {
    let columns = x.len().checked_div(kept.len()).unwrap_or(0);
    if let Some(d_x) = d_x {
        let d_x = Shared::new(d_x);
        parallel_pieces(kept.len(), (1_usize << 14).div_ceil(columns.max(1)), |first, count| {
            for (row, &scale) in (first..first + count).zip(&kept[first..]) {
                let (x, d) = (&x[row * columns..][..columns], &d[row * columns..][..columns]);
                // SAFETY: each task has rows of its own.
                let d_x = unsafe { d_x.part(row * columns, columns) };
                send(x, d, scale, weight, d_x);
            }
        });
    }
    if let Some((d_weight, adds)) = d_weight {
        if !adds {
            d_weight.fill(T::ZERO);
        }
        let d_weight = Shared::new(d_weight);
        parallel_pieces(
            columns,
            (1_usize << 14).div_ceil(kept.len().max(1)).max(64),
            |first, count| {
                // SAFETY: each task has columns of its own.
                let d_weight = unsafe { d_weight.part(first, count) };
                for (row, &scale) in kept.iter().enumerate() {
                    let at = row * columns + first;
                    add(&x[at..][..count], &d[at..][..count], scale, d_weight);
                }
            },
        );
    }
}

tiered! {
    fn squares<S, T>(x: &[T]) -> T {
        sum_by(x, |x| x * x)
    }
}

tiered! {
    /// `out = x scale weight`.
    fn stretch<S, T>(x: &[T], scale: T, weight: Option<&[T]>, out: &mut [T]) {
        match weight {
            None => out.iter_mut().zip(x).for_each(|(out, &x)| *out = x * scale),
            Some(weight) => {
                for ((out, &x), &weight) in out.iter_mut().zip(x).zip(weight) {
                    *out = x * scale * weight;
                }
            }
        }
    }
}

tiered! {
    /// With `g = d weight`: `d_x = scale (g - x scale^2 mean of g x)`.
    fn send<S, T>(x: &[T], d: &[T], scale: T, weight: Option<&[T]>, d_x: &mut [T]) {
        match weight {
            None => d_x.copy_from_slice(d),
            Some(weight) => {
                for ((d_x, &d), &weight) in d_x.iter_mut().zip(d).zip(weight) {
                    *d_x = d * weight;
                }
            }
        }
        let along = sum_by_two(x, d_x, |x, g| x * g) / T::from_usize(x.len()) * scale * scale;
        for (d_x, &x) in d_x.iter_mut().zip(x) {
            *d_x = scale * (*d_x - x * along);
        }
    }
}

tiered! {
    fn add<S, T>(x: &[T], d: &[T], scale: T, d_weight: &mut [T]) {
        for ((d_weight, &x), &d) in d_weight.iter_mut().zip(x).zip(d) {
            *d_weight += d * x * scale;
        }
    }
}
