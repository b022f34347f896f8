//! The derivative of the logarithm of gamma.

use std::f64::consts::PI;

use super::series::{chebyshev_on, polynomial};
use super::sinus::cot_pi;
use super::tables::gamma as table;

/// `d lgamma(x) / dx`; minus infinity at 0, infinity at -0, NaN at -1, -2, ..
///
/// The positive root is divided out, in three parts, so that its neighbourhood is relatively accurate.
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY.copysign(-x)
    } else if x < 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        // The reflection, Abramowitz and Stegun 6.3.7.
        digamma(-x) - 1.0 / x - PI * cot_pi(x)
    } else if x < 1.0 {
        digamma(1.0 + x) - 1.0 / x
    } else if x < 2.0 {
        let [high, middle, low] = table::DIGAMMA_ROOT;
        (((x - high) - middle) - low) * chebyshev_on(x, 1.0, 2.0, &table::DIGAMMA_1)
    } else if x < 5.0 {
        chebyshev_on(x, 2.0, 5.0, &table::DIGAMMA_2)
    } else if x < 12.0 {
        chebyshev_on(x, 5.0, 12.0, &table::DIGAMMA_5)
    } else {
        asymptotic(x)
    }
}

/// Abramowitz and Stegun 6.3.18, for `x >= 12`.
fn asymptotic(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = square
        * polynomial(
            square,
            &[
                1.0 / 12.0,
                -1.0 / 120.0,
                1.0 / 252.0,
                -1.0 / 240.0,
                1.0 / 132.0,
                -691.0 / 32_760.0,
                1.0 / 12.0,
                -3_617.0 / 8_160.0,
            ],
        );
    x.ln() - (0.5 * inverse + series)
}
