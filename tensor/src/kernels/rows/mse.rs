//! The mean squared error.

use super::{PARTS, PIECE, sum_by_two};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel, parallel_pieces};

/// `loss = mean of (x - y)^2`; of nothing NaN. With `d_x = (d, scale)` also `d = 2 (x - y) / n * scale`.
///
/// # Panics
/// If lengths differ.
pub fn mse<T: Real>(x: &[T], y: &[T], loss: &mut T, d_x: Option<(&mut [T], T)>) {
    assert_eq!(x.len(), y.len());
    let mut sums = [0f64; PARTS];
    let per_part = PIECE.max(x.len().div_ceil(PARTS));
    let parts = x.len().div_ceil(per_part);
    let shared = Shared::new(&mut sums);
    parallel(parts, &|part| {
        let range = part * per_part..x.len().min((part + 1) * per_part);
        // SAFETY: one element a part.
        unsafe { shared.part(part, 1)[0] = sum_of_square_differences(&x[range.clone()], &y[range]) };
    });
    *loss = T::from_f64(sums[..parts].iter().sum::<f64>() / x.len() as f64);
    if let Some((d_x, scale)) = d_x {
        backward(x, y, scale, d_x);
    }
}

/// `d_x = 2 (x - y) / n * scale`; the gradient of `y` is its negative.
fn backward<T: Real>(x: &[T], y: &[T], scale: T, d_x: &mut [T]) {
    assert_eq!((x.len(), y.len()), (d_x.len(), d_x.len()));
    let factor = T::from_f64(2.0) * scale / T::from_usize(x.len());
    let shared = Shared::new(d_x);
    parallel_pieces(x.len(), PIECE, |first, count| {
        let range = first..first + count;
        // SAFETY: pieces are disjoint.
        let d_x = unsafe { shared.part(first, count) };
        scaled_difference(&x[range.clone()], &y[range], factor, d_x);
    });
}

tiered! {
    fn sum_of_square_differences<S, T>(x: &[T], y: &[T]) -> f64 {
        let blocks = x.chunks(1024).zip(y.chunks(1024));
        blocks.map(|(x, y)| sum_by_two(x, y, |x, y| (x - y) * (x - y)).to_f64()).sum()
    }
}

tiered! {
    fn scaled_difference<S, T>(x: &[T], y: &[T], factor: T, d_x: &mut [T]) {
        for ((d_x, &x), &y) in d_x.iter_mut().zip(x).zip(y) {
            *d_x = (x - y) * factor;
        }
    }
}
