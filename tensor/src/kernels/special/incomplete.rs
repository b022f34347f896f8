//! The incomplete gamma functions, regularised.
//!
//! By whichever expansion converges there: the power series below the order, the continued fraction above it, a series
//! for small arguments that knows `1 - x^a / gamma(a + 1)` without cancellation, and Temme's uniform expansion for large
//! orders. The regions are those of Cephes and SciPy, after Gil, Segura and Temme (2012).

use std::f64::consts::PI;

use super::error::erfcx;
use super::gamma::{gamma, lgamma_1p, stirling};
use super::series::{ln_1p_minus, polynomial};
use super::tables::incomplete as table;

/// The lower function, `P(a, x)`: the integral of `t^(a - 1) exp(-t) / gamma(a)` from 0 to `x`.
///
/// NaN for negative `a` or `x`, and where both are 0 or both infinite.
pub fn igamma(a: f64, x: f64) -> f64 {
    if let Some(upper) = corner(a, x) {
        1.0 - upper
    } else if is_uniform(a, x) {
        uniform(a, x).0
    } else if x <= 1.0 || is_below(a, x) {
        power_series(a, x)
    } else {
        1.0 - upper(a, x)
    }
}

/// The upper function, `Q(a, x) = 1 - P(a, x)`, accurate where it is small; NaN as [`igamma`].
pub fn igammac(a: f64, x: f64) -> f64 {
    if let Some(upper) = corner(a, x) {
        upper
    } else if is_uniform(a, x) {
        uniform(a, x).1
    } else {
        upper(a, x)
    }
}

/// `Q` on the boundary, where it is 0, 1 or NaN.
fn corner(a: f64, x: f64) -> Option<f64> {
    if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 || (a == 0.0 && x == 0.0) || (a.is_infinite() && x.is_infinite())
    {
        Some(f64::NAN)
    } else if a == 0.0 || x.is_infinite() {
        Some(0.0)
    } else if x == 0.0 || a.is_infinite() {
        Some(1.0)
    } else {
        None
    }
}

/// `Q` where the uniform expansion is not used.
fn upper(a: f64, x: f64) -> f64 {
    let lower_is_small = if x > 1.1 {
        is_below(a, x)
    } else if x <= 0.5 {
        -0.4 / x.ln() < a
    } else {
        1.1 * x < a
    };
    if lower_is_small {
        1.0 - power_series(a, x)
    } else if x > 1.1 {
        continued_fraction(a, x)
    } else {
        small(a, x)
    }
}

/// Whether `P` is not much larger than `Q`, so that the difference of 1 and one of them is as good as the other.
fn is_below(a: f64, x: f64) -> bool {
    x < a + 0.5 * a.sqrt()
}

/// `x^a exp(-x) / gamma(a)`.
fn density(a: f64, x: f64) -> f64 {
    if a < 10.0 {
        let half = (-0.5 * x).exp();
        return x.powf(a) * half / gamma(a) * half;
    }
    (exponent(a, x) - stirling(a)).exp() * (a / (2.0 * PI)).sqrt()
}

/// `a (log(x / a) - (x / a - 1))`, never positive.
fn exponent(a: f64, x: f64) -> f64 {
    let mu = (x - a) / a;
    if mu < -0.5 {
        a * ((x / a).ln() - mu)
    } else {
        a * ln_1p_minus(mu)
    }
}

/// `P` by Abramowitz and Stegun 6.5.29, whose terms are positive.
fn power_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 0.0, a);
    while term > 1e-17 * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    let first = density(a, x) / a;
    first + first * sum
}

/// `Q` by the continued fraction DLMF 8.9.2, contracted to its even part.
///
/// Lentz' method says how deep to go; from there it is evaluated upwards, which rounds less.
fn continued_fraction(a: f64, x: f64) -> f64 {
    let density = density(a, x);
    if density == 0.0 {
        return 0.0;
    }
    let numerator = |i: f64| -i * (i - a);
    let denominator = |i: f64| x + 1.0 - a + 2.0 * i;
    let (mut c, mut d, mut depth) = (f64::INFINITY, 1.0 / denominator(0.0), 0_u32);
    for i in 1..10_000 {
        depth = i;
        let i = i as f64;
        d = 1.0 / (numerator(i) * d + denominator(i));
        c = denominator(i) + numerator(i) / c;
        if (c * d - 1.0).abs() < 3e-16 {
            break;
        }
    }
    // Where it converges slowly the last changes are not yet all that is missing.
    let depth = depth + depth / 2;
    let whole = (1..=depth)
        .rev()
        .map(f64::from)
        .fold(denominator(depth as f64), |below, i| {
            denominator(i - 1.0) + numerator(i) / below
        });
    density / whole
}

/// `Q` for `x <= 1.1` and small `a`: `1 - x^a / gamma(a + 1)`, less the rest of the alternating series DLMF 8.7.1.
fn small(a: f64, x: f64) -> f64 {
    let logarithm = a * x.ln() - lgamma_1p(a);
    let (mut power, mut sum) = (1.0, 0.0);
    for n in 1..40 {
        let n = n as f64;
        power *= -x / n;
        sum += power / (a + n);
    }
    -logarithm.exp_m1() - logarithm.exp() * a * sum
}

/// Large orders, and arguments not too far from them.
fn is_uniform(a: f64, x: f64) -> bool {
    a > 200.0 && (x - a).abs() < 0.3 * a
}

/// `P` and `Q` by Temme's uniform expansion, DLMF 8.12.3 to 8.12.8.
fn uniform(a: f64, x: f64) -> (f64, f64) {
    let square = -exponent(a, x);
    let above = x >= a;
    let eta = (2.0 * square / a).sqrt().copysign(x - a);
    let rows: [&[f64]; 8] = [
        &table::TEMME_0,
        &table::TEMME_1,
        &table::TEMME_2,
        &table::TEMME_3,
        &table::TEMME_4,
        &table::TEMME_5,
        &table::TEMME_6,
        &table::TEMME_7,
    ];
    let sum = rows.iter().rev().fold(0.0, |sum, row| sum / a + polynomial(eta, row));
    let rest = sum / (2.0 * PI * a).sqrt();
    // The smaller of the two, by the scaled function: its exponent is known better than its argument.
    let tail = 0.5 * erfcx(square.sqrt());
    let smaller = (-square).exp() * if above { tail + rest } else { tail - rest };
    if above {
        (1.0 - smaller, smaller)
    } else {
        (smaller, 1.0 - smaller)
    }
}
