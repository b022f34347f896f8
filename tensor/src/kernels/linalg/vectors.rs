//! Loops over one or two vectors.

use crate::kernels::simd::tiered;

tiered! {
    /// `x . y`, in a fixed order of 16 partial sums.
    pub fn dot<S, T>(x: &[T], y: &[T]) -> T {
        let mut lanes = [T::ZERO; 16];
        let (xs, ys) = (x.chunks_exact(16), y[..x.len()].chunks_exact(16));
        let rest = (xs.remainder(), ys.remainder());
        for (x, y) in xs.zip(ys) {
            for i in 0..16 {
                lanes[i] = S::mul_add(x[i], y[i], lanes[i]);
            }
        }
        for (i, (&x, &y)) in rest.0.iter().zip(rest.1).enumerate() {
            lanes[i] = S::mul_add(x, y, lanes[i]);
        }
        lanes.iter().fold(T::ZERO, |sum, &lane| sum + lane)
    }
}

tiered! {
    /// `y += factor x`.
    pub fn add_scaled<S, T>(factor: T, x: &[T], y: &mut [T]) {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = S::mul_add(factor, x, *y);
        }
    }
}

tiered! {
    /// `(x, y) = (c x + s y, c y - s x)`.
    pub fn rotate<S, T>(c: T, s: T, x: &mut [T], y: &mut [T]) {
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = (S::mul_add(c, *x, s * *y), S::mul_add(c, *y, -(s * *x)));
        }
    }
}

/// The Euclidean norm, without overflow.
pub fn norm(x: &[f64]) -> f64 {
    let squares = dot(x, x);
    if squares.is_nan() || (1e-280..1e280).contains(&squares) {
        return squares.sqrt();
    }
    let largest = x.iter().fold(0f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    let scaled = x.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>();
    largest * scaled.sqrt()
}

/// `(c, s, r)` of the rotation that takes `(f, g)` to `(r, 0)`.
pub fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    let r = f.hypot(g);
    if r == 0.0 { (1.0, 0.0, 0.0) } else { (f / r, g / r, r) }
}
