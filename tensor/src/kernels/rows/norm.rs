//! What is asked of all gradients at once: their norm.

use super::{PARTS, PIECE};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel};

/// The sum of `x^2`, in double precision.
pub fn sum_of_squares<T: Real>(x: &[T]) -> f64 {
    let mut results = [0f64; PARTS];
    let per_part = (2 * PIECE).max(x.len().div_ceil(PARTS));
    let shared = Shared::new(&mut results);
    parallel(x.len().div_ceil(per_part), &|part| {
        let value = squares(&x[part * per_part..x.len().min((part + 1) * per_part)]);
        // SAFETY: one element a part.
        unsafe { shared.part(part, 1)[0] = value };
    });
    results.iter().sum()
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
