//! Logarithms of sums and products.

use std::f64::consts::LN_2;

/// `log(x / (1 - x))`, first clamped to `[eps, 1 - eps]` if there is an `eps`; NaN outside `[0, 1]`.
pub fn logit(x: f64, eps: Option<f64>) -> f64 {
    let x = match eps {
        Some(low) if x < low => low,
        Some(low) if x > 1.0 - low => 1.0 - low,
        _ => x,
    };
    if (0.25..0.75).contains(&x) {
        // log(1 + t) with t = x / (1 - x) - 1.
        ((2.0 * x - 1.0) / (1.0 - x)).ln_1p()
    } else {
        x.ln() - (-x).ln_1p()
    }
}

/// `log(exp(a) + exp(b))`.
pub fn logaddexp(a: f64, b: f64) -> f64 {
    if a.is_infinite() && a == b {
        return a;
    }
    larger(a, b) + (-(a - b).abs()).exp().ln_1p()
}

/// `log2(2^a + 2^b)`.
pub fn logaddexp2(a: f64, b: f64) -> f64 {
    if a.is_infinite() && a == b {
        return a;
    }
    larger(a, b) + (-(a - b).abs()).exp2().ln_1p() / LN_2
}

/// The maximum, or NaN where one of them is.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// `x log(y)`; 0 where `x` is, unless `y` is NaN.
pub fn xlogy(x: f64, y: f64) -> f64 {
    if y.is_nan() {
        y
    } else if x == 0.0 {
        0.0
    } else {
        x * y.ln()
    }
}

/// `x log(1 + y)`; 0 where `x` is, unless `y` is NaN.
pub fn xlog1py(x: f64, y: f64) -> f64 {
    if y.is_nan() {
        y
    } else if x == 0.0 {
        0.0
    } else {
        x * y.ln_1p()
    }
}

/// `-x log(x)`, the share of one probability in the entropy; 0 at 0, minus infinity below.
pub fn entr(x: f64) -> f64 {
    if x > 0.0 {
        -x * x.ln()
    } else if x == 0.0 {
        0.0
    } else if x.is_nan() {
        x
    } else {
        f64::NEG_INFINITY
    }
}
