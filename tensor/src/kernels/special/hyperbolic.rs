//! Inverse hyperbolic functions. The formulas are those of Abramowitz and Stegun 4.6.20 to 4.6.22, written with
//! `log(1 + x)` where the plain ones cancel, and without squares where these overflow, as fdlibm does.

use std::f64::consts::LN_2;

/// Above it `x^2 + 1` is `x^2` in double precision.
const LARGE: f64 = 268_435_456.0;

/// `log(x + sqrt(x^2 + 1))`, odd; keeps the sign of zero.
pub fn asinh(x: f64) -> f64 {
    let size = x.abs();
    let value = if size < 1.0 / LARGE {
        size
    } else if size > LARGE {
        size.ln() + LN_2
    } else if size > 2.0 {
        (2.0 * size + 1.0 / ((size * size + 1.0).sqrt() + size)).ln()
    } else {
        let square = size * size;
        (size + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    value.copysign(x)
}

/// `log(x + sqrt(x^2 - 1))`; NaN below 1.
pub fn acosh(x: f64) -> f64 {
    if x > LARGE {
        x.ln() + LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        // Of what is below 1 the root is NaN, but for the reach of NaN itself nothing else is.
        let t = x - 1.0;
        if t < 0.0 {
            return f64::NAN;
        }
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

/// `log((1 + x) / (1 - x)) / 2`, odd; infinite at -1 and 1, NaN beyond; keeps the sign of zero.
pub fn atanh(x: f64) -> f64 {
    let size = x.abs();
    let value = if size > 1.0 {
        f64::NAN
    } else if size < 1.0 / LARGE {
        size
    } else if size < 0.5 {
        let twice = size + size;
        0.5 * (twice + twice * size / (1.0 - size)).ln_1p()
    } else {
        0.5 * ((size + size) / (1.0 - size)).ln_1p()
    };
    value.copysign(x)
}
