//! The gamma function and its logarithm.

use std::f64::consts::PI;

use super::series::{chebyshev_on, polynomial};
use super::sinus::sin_pi;
use super::tables::gamma as table;

/// `log(|gamma(x)|)`; infinite at 0, -1, -2, .. and at both infinities.
///
/// Between its poles it has zeros, in whose neighbourhood the absolute error is that of the terms that cancel.
pub fn lgamma(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x.is_infinite() || (x <= 0.0 && x == x.floor()) {
        f64::INFINITY
    } else if x.abs() <= 0.5 {
        lgamma_1p(x) - x.abs().ln()
    } else if x < 0.0 {
        // The reflection, Abramowitz and Stegun 6.1.17.
        PI.ln() - (x * sin_pi(x)).abs().ln() - lgamma(-x)
    } else if x < 3.0 {
        // The sum makes 0 of -0.
        lgamma_1p(x - 1.0) + 0.0
    } else if x < 6.0 {
        chebyshev_on(x, 3.0, 6.0, &table::LGAMMA_3)
    } else if x < 12.0 {
        chebyshev_on(x, 6.0, 12.0, &table::LGAMMA_6)
    } else {
        // (x - 1/2) log(x) - x + log(2 pi) / 2, Abramowitz and Stegun 6.1.40.
        (x - 0.5) * (x.ln() - 1.0) + (0.418_938_533_204_672_7 + stirling(x))
    }
}

/// `lgamma(1 + x)` for `-1/2 <= x <= 2`, relatively accurate also at its zeros 0 and 1.
pub fn lgamma_1p(x: f64) -> f64 {
    if x <= 0.5 {
        x * chebyshev_on(x, -0.5, 0.5, &table::LGAMMA_1)
    } else {
        (x - 1.0) * chebyshev_on(x - 1.0, -0.5, 1.0, &table::LGAMMA_2)
    }
}

/// What Stirling's formula lacks, `lgamma(x) - ((x - 1/2) log(x) - x + log(2 pi) / 2)`, for `x >= 10`.
pub fn stirling(x: f64) -> f64 {
    let inverse = 1.0 / x;
    inverse
        * polynomial(
            inverse * inverse,
            &[
                1.0 / 12.0,
                -1.0 / 360.0,
                1.0 / 1_260.0,
                -1.0 / 1_680.0,
                1.0 / 1_188.0,
                -691.0 / 360_360.0,
                1.0 / 156.0,
                -3_617.0 / 122_400.0,
            ],
        )
}

/// `gamma(x)` for `0 < x <= 12`: shifted to `[2, 3]`, where it is a short series.
pub fn gamma(x: f64) -> f64 {
    let (mut x, mut factor) = (x, 1.0);
    while x > 3.0 {
        x -= 1.0;
        factor *= x;
    }
    let mut divisor = 1.0;
    while x < 2.0 {
        divisor *= x;
        x += 1.0;
    }
    chebyshev_on(x, 2.0, 3.0, &table::GAMMA_2) * factor / divisor
}

/// The logarithm of the multivariate gamma function of dimension `p`,
/// `p (p - 1) / 4 log(pi) + lgamma(x) + lgamma(x - 1/2) + .. + lgamma(x - (p - 1) / 2)`; defined for `x > (p - 1) / 2`.
pub fn multigammaln(x: f64, p: u32) -> f64 {
    let p = p as f64;
    let constant = 0.25 * p * (p - 1.0) * PI.ln();
    (0..p as u32).map(|j| lgamma(x - 0.5 * j as f64)).sum::<f64>() + constant
}

/// `n!`, rounded once; infinite from 171.
pub fn factorial(n: u32) -> f64 {
    // In two parts: the products of 170 roundings would be off by many units.
    let (mut high, mut low) = (1.0_f64, 0.0);
    for k in 2..=n.min(171) {
        let k = k as f64;
        let product = high * k;
        if product.is_infinite() {
            return product;
        }
        low = low * k + high.mul_add(k, -product);
        high = product;
    }
    high + low
}
