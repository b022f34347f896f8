//! Modified Bessel functions, plain and scaled by the exponential that they grow or fall with.
//!
//! Series in three parts, after Abramowitz and Stegun 9.6.10 to 9.6.13 near 0 and 9.7.1, 9.7.2 far from it; Cephes divides
//! the line likewise.

use super::series::{chebyshev, chebyshev_on};
use super::tables::bessel as table;

/// `exp(x) value`, also where the exponential alone would overflow; NaN at infinity, as PyTorch has it.
fn grown(x: f64, value: f64) -> f64 {
    if x < 700.0 {
        x.exp() * value
    } else {
        let half = (0.5 * x).exp();
        half * value * half
    }
}

/// The first kind, of order 0.
pub fn i0(x: f64) -> f64 {
    grown(x.abs(), i0e(x))
}

/// `exp(-|x|) i0(x)`.
pub fn i0e(x: f64) -> f64 {
    let x = x.abs();
    if x <= 4.0 {
        chebyshev_on(x, 0.0, 4.0, &table::I0E)
    } else if x <= 8.0 {
        chebyshev_on(x, 4.0, 8.0, &table::I0E_MIDDLE)
    } else {
        chebyshev(16.0 / x - 1.0, &table::I0E_FAR) / x.sqrt()
    }
}

/// The first kind, of order 1; odd.
pub fn i1(x: f64) -> f64 {
    grown(x.abs(), i1e(x))
}

/// `exp(-|x|) i1(x)`; odd.
pub fn i1e(x: f64) -> f64 {
    let size = x.abs();
    let value = if size <= 4.0 {
        size * chebyshev_on(size, 0.0, 4.0, &table::I1E)
    } else if size <= 8.0 {
        chebyshev_on(size, 4.0, 8.0, &table::I1E_MIDDLE)
    } else {
        chebyshev(16.0 / size - 1.0, &table::I1E_FAR) / size.sqrt()
    };
    value.copysign(x)
}

/// The second kind, of order 0, times `exp(x)`; infinite at 0, NaN below.
pub fn k0e(x: f64) -> f64 {
    if x > 1.0 {
        chebyshev(2.0 / x - 1.0, &table::K0E_FAR) / x.sqrt()
    } else {
        x.exp() * k0(x)
    }
}

/// The second kind, of order 0; infinite at 0, NaN below.
pub fn k0(x: f64) -> f64 {
    if x > 1.0 {
        return shrunk(x, k0e(x));
    }
    if x == 0.0 {
        return f64::INFINITY;
    }
    chebyshev(2.0 * x * x - 1.0, &table::K0) - (0.5 * x).ln() * i0(x)
}

/// The second kind, of order 1, times `exp(x)`; infinite at 0, NaN below.
pub fn k1e(x: f64) -> f64 {
    if x > 1.0 {
        chebyshev(2.0 / x - 1.0, &table::K1E_FAR) / x.sqrt()
    } else {
        x.exp() * k1(x)
    }
}

/// The second kind, of order 1; infinite at 0, NaN below.
pub fn k1(x: f64) -> f64 {
    if x > 1.0 {
        return shrunk(x, k1e(x));
    }
    if x == 0.0 {
        return f64::INFINITY;
    }
    x * chebyshev(2.0 * x * x - 1.0, &table::K1) + ((0.5 * x).ln() * i1(x) + 1.0 / x)
}

/// `exp(-x) value`, also where the exponential alone would lose bits.
fn shrunk(x: f64, value: f64) -> f64 {
    let half = (-0.5 * x).exp();
    half * value * half
}
