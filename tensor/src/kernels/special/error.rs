//! The error function, its complement and their inverses.

use super::series::{chebyshev, chebyshev_on, exp_square};
use super::tables::error as table;

/// `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
pub fn erf(x: f64) -> f64 {
    if x.abs() <= 1.0 {
        x * chebyshev(2.0 * x * x - 1.0, &table::ERF)
    } else {
        (1.0 - erfc(x.abs())).copysign(x)
    }
}

/// `1 - erf(x)`, without cancellation where it is small.
pub fn erfc(x: f64) -> f64 {
    if x.abs() < 0.5 {
        1.0 - erf(x)
    } else if x < 0.0 {
        2.0 - erfc(-x)
    } else {
        exp_square(x, -1.0) * scaled(x)
    }
}

/// `exp(x^2) erfc(x)`.
pub fn erfcx(x: f64) -> f64 {
    if x.abs() < 0.5 {
        exp_square(x, 1.0) * erfc(x)
    } else if x > 0.0 || x.is_nan() {
        scaled(x)
    } else {
        2.0 * exp_square(x, 1.0) - scaled(-x)
    }
}

/// [`erfcx`] for `x >= 0`, in the variable of Shepherd and Laframboise, "Chebyshev approximation of
/// `(1 + 2x) exp(x^2) erfc(x)` in `0 <= x < oo`" (1981).
fn scaled(x: f64) -> f64 {
    let t = if x < 3.75 {
        (x - 3.75) / (x + 3.75)
    } else {
        1.0 - 7.5 / (x + 3.75)
    };
    chebyshev(t, &table::ERFCX) / (1.0 + 2.0 * x)
}

/// The `y` with `erf(y) = x`; infinite at -1 and 1, NaN beyond; keeps the sign of zero.
pub fn erfinv(x: f64) -> f64 {
    let size = x.abs();
    if size <= 0.5 {
        x * chebyshev(8.0 * x * x - 1.0, &table::ERFINV)
    } else {
        erfcinv(1.0 - size).copysign(x)
    }
}

/// The `y` with `erfc(y) = q`; infinite at 0 and 2, NaN beyond.
///
/// In the tails it is close to `r = sqrt(-log(q))`, and their quotient is a smooth function of `r`.
pub fn erfcinv(q: f64) -> f64 {
    if q > 1.5 {
        return -erfcinv(2.0 - q);
    }
    if q >= 0.5 {
        return erfinv(1.0 - q);
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    let r = (-q.ln()).sqrt();
    let quotient = if r < 1.7 {
        chebyshev_on(r, 0.8, 1.7, &table::ERFCINV_A)
    } else if r < 3.5 {
        chebyshev_on(r, 1.7, 3.5, &table::ERFCINV_B)
    } else if r < 7.0 {
        chebyshev_on(r, 3.5, 7.0, &table::ERFCINV_C)
    } else if r < 14.0 {
        chebyshev_on(r, 7.0, 14.0, &table::ERFCINV_D)
    } else {
        chebyshev_on(r, 14.0, 28.0, &table::ERFCINV_E)
    };
    r * quotient
}
