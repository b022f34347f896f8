//! Elementary functions without branches, so that a loop over them is vectorised.
//!
//! Every function is right for NaN, infinities, zeros of both signs and subnormal numbers. Coefficients are Chebyshev fits
//! (or the Taylor series where it is as short) made in 60 digits; the tests hold the errors in units in the last place.

pub mod double;
pub mod single;

use super::real::Real;
use super::simd::Tier;

/// The value of a polynomial, constant coefficient first.
#[inline(always)]
pub fn polynomial<S: Tier, T: Real, const N: usize>(x: T, coefficients: [T; N]) -> T {
    let mut value = coefficients[N - 1];
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        value = S::mul_add(value, x, coefficients[i]);
    }
    value
}

/// `tanh(x) = t / (t + 2)` with `t = exp(2 |x|) - 1`, and the sign of `x`.
#[inline(always)]
pub fn tanh<S: Tier, T: Real>(x: T) -> T {
    let twice = x.abs() + x.abs();
    let limit = T::from_f64(44.0); // There the quotient is 1 in both precisions.
    let t = (if twice > limit { limit } else { twice }).exp_m1::<S>();
    (t / (t + T::from_f64(2.0))).copysign(x)
}

/// `log(1 + x)` without cancellation.
#[inline(always)]
pub fn ln_1p<S: Tier, T: Real>(x: T) -> T {
    let sum = T::ONE + x;
    // What rounding took from the sum comes back to first order.
    let lost = if sum < T::INFINITY {
        (x - (sum - T::ONE)) / sum
    } else {
        T::ZERO
    };
    sum.ln::<S>() + lost
}

/// `1 / (1 + exp(-x))`, from the exponential of the negative one of `x` and `-x`.
#[inline(always)]
pub fn sigmoid<S: Tier, T: Real>(x: T) -> T {
    let power = (-x.abs()).exp_down::<S>();
    let share = if x < T::ZERO { power } else { T::ONE };
    share / (T::ONE + power)
}

/// The normal distribution's density.
#[inline(always)]
pub fn normal_density<S: Tier, T: Real>(x: T) -> T {
    (x * x * T::from_f64(-0.5)).exp::<S>() * T::from_f64(0.398_942_280_401_432_7)
}

/// The normal distribution's cumulative function.
#[inline(always)]
pub fn normal_cumulative<S: Tier, T: Real>(x: T) -> T {
    let half = T::from_f64(0.5);
    S::mul_add(
        (x * T::from_f64(std::f64::consts::FRAC_1_SQRT_2)).erf::<S>(),
        half,
        half,
    )
}

#[cfg(test)]
pub(crate) mod tests;
