//! What is asked of all gradients at once: their norm, and whether they are finite.

use super::{PARTS, PIECE};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel};

/// The sum of `x^2`, in double precision.
pub fn sum_of_squares<T: Real>(x: &[T]) -> f64 {
    by_parts(x, squares).iter().sum()
}

/// Whether no element is infinite or NaN.
pub fn all_finite<T: Real>(x: &[T]) -> bool {
    by_parts(x, |x| if finite(x) { 0.0 } else { 1.0 })
        .iter()
        .all(|&bad| bad == 0.0)
}

fn by_parts<T: Real>(x: &[T], f: impl Fn(&[T]) -> f64 + Sync) -> [f64; PARTS] {
    let mut results = [0f64; PARTS];
    let per_part = (2 * PIECE).max(x.len().div_ceil(PARTS));
    let shared = Shared::new(&mut results);
    parallel(x.len().div_ceil(per_part), &|part| {
        let value = f(&x[part * per_part..x.len().min((part + 1) * per_part)]);
        // SAFETY: one element a part.
        unsafe { shared.part(part, 1)[0] = value };
    });
    results
}

tiered! {
    fn squares<S, T>(x: &[T]) -> f64 {
        let mut lanes = [0f64; 16];
        let mut chunks = x.chunks_exact(16);
        for chunk in &mut chunks {
            for (lane, x) in lanes.iter_mut().zip(chunk) {
                *lane = S::mul_add(x.to_f64(), x.to_f64(), *lane);
            }
        }
        for (lane, x) in lanes.iter_mut().zip(chunks.remainder()) {
            *lane = S::mul_add(x.to_f64(), x.to_f64(), *lane);
        }
        lanes.iter().sum()
    }
}

tiered! {
    fn finite<S, T>(x: &[T]) -> bool {
        x.chunks(1024).all(|x| {
            // The product with 0 is 0 for every finite number and NaN for the others.
            let mut lanes = [T::ZERO; 32];
            let mut chunks = x.chunks_exact(32);
            for chunk in &mut chunks {
                for (lane, &x) in lanes.iter_mut().zip(chunk) {
                    *lane += x * T::ZERO;
                }
            }
            lanes.iter().all(|lane| !lane.is_nan()) && chunks.remainder().iter().all(|x| x.is_finite())
        })
    }
}
