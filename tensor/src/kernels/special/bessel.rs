//! Bessel functions of the first and second kind.
//!
//! Up to 8 by series in `x^2` (Abramowitz and Stegun 9.1.10 to 9.1.13 say what is smooth there), beyond by Hankel's
//! amplitudes, 9.2.5 and 9.2.6. They oscillate: the absolute error is a few units of the last place of the amplitude,
//! also near the zeros. NaN at the infinities, as PyTorch has it.

use std::f64::consts::{FRAC_2_PI, PI};

use super::series::chebyshev;
use super::tables::oscillating as table;

/// `sqrt(1 / (pi x))` times `P` and `Q`, for `x > 8`.
fn amplitudes(x: f64, p: &[f64], q: &[f64]) -> (f64, f64) {
    let quotient = 8.0 / x;
    let t = 2.0 * quotient * quotient - 1.0;
    let scale = (1.0 / PI / x).sqrt();
    (scale * chebyshev(t, p), scale * chebyshev(t, q) / x)
}

/// The first kind, of order 0.
pub fn bessel_j0(x: f64) -> f64 {
    let x = x.abs();
    if x < 1e-8 {
        return 1.0;
    }
    if x <= 8.0 {
        return chebyshev(x * x / 32.0 - 1.0, &table::J0);
    }
    let (p, q) = amplitudes(x, &table::P0, &table::Q0);
    let (sin, cos) = x.sin_cos();
    p * (cos + sin) - q * (sin - cos)
}

/// The first kind, of order 1; odd.
pub fn bessel_j1(x: f64) -> f64 {
    let size = x.abs();
    if size <= 8.0 {
        return x * chebyshev(x * x / 32.0 - 1.0, &table::J1);
    }
    let (p, q) = amplitudes(size, &table::P1, &table::Q1);
    let (sin, cos) = size.sin_cos();
    let value = p * (sin - cos) + q * (sin + cos);
    if x < 0.0 { -value } else { value }
}

/// The second kind, of order 0; minus infinity at 0, NaN below.
pub fn bessel_y0(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x < 0.0 {
        f64::NAN
    } else if x <= 8.0 {
        chebyshev(x * x / 32.0 - 1.0, &table::Y0) + FRAC_2_PI * x.ln() * bessel_j0(x)
    } else {
        let (p, q) = amplitudes(x, &table::P0, &table::Q0);
        let (sin, cos) = x.sin_cos();
        p * (sin - cos) + q * (cos + sin)
    }
}

/// The second kind, of order 1; minus infinity at 0, NaN below.
pub fn bessel_y1(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x < 0.0 {
        f64::NAN
    } else if x <= 8.0 {
        x * chebyshev(x * x / 32.0 - 1.0, &table::Y1) + FRAC_2_PI * (x.ln() * bessel_j1(x) - 1.0 / x)
    } else {
        let (p, q) = amplitudes(x, &table::P1, &table::Q1);
        let (sin, cos) = x.sin_cos();
        q * (sin - cos) - p * (sin + cos)
    }
}
