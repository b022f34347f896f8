//! The normal distribution, by the error function (Abramowitz and Stegun 26.2.29).

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use super::error::{erf, erfcinv, erfcx, erfinv};
use super::series::exp_square;

/// The probability of a standard normal variable below `x`, accurate in the lower tail.
pub fn ndtr(x: f64) -> f64 {
    if x > 0.0 {
        1.0 - ndtr(-x)
    } else if x > -0.7 {
        0.5 + 0.5 * erf(x * FRAC_1_SQRT_2)
    } else {
        // Not by `erfc` of the quotient, whose rounding error the square would amplify.
        0.5 * exp_square(x, -0.5) * erfcx(-x * FRAC_1_SQRT_2)
    }
}

/// The logarithm of [`ndtr`].
pub fn log_ndtr(x: f64) -> f64 {
    if x > 0.0 {
        (-ndtr(-x)).ln_1p()
    } else if x > -1.0 {
        ndtr(x).ln()
    } else {
        (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x
    }
}

/// The `x` with `ndtr(x) = p`; infinite at 0 and 1, NaN beyond.
pub fn ndtri(p: f64) -> f64 {
    if p < 0.25 {
        -SQRT_2 * erfcinv(2.0 * p)
    } else if p < 0.75 {
        SQRT_2 * erfinv(2.0 * p - 1.0)
    } else {
        SQRT_2 * erfcinv(2.0 * (1.0 - p))
    }
}
