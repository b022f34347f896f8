//! Sums of powers and of Chebyshev polynomials.

/// `c_0 + c_1 x + c_2 x^2 + ..` by Horner's rule.
pub fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, c| value * x + c)
}

/// `c_0 + c_1 T_1(t) + c_2 T_2(t) + ..` for `|t| <= 1`.
///
/// Clenshaw, "A note on the summation of Chebyshev series" (1955); close to the ends, where that is unstable, in
/// Reinsch's form (Oliver, "An error analysis of the modified Clenshaw method", 1977), which sums differences.
pub fn chebyshev(t: f64, coefficients: &[f64]) -> f64 {
    let terms = coefficients[1..].iter().rev();
    if t.abs() < 0.6 {
        let (mut b, mut before) = (0.0, 0.0);
        for c in terms {
            (b, before) = (2.0 * t * b - before + c, b);
        }
        return t * b - before + coefficients[0];
    }
    let sign = 1.0_f64.copysign(t);
    let (mut b, mut difference) = (0.0, 0.0);
    let from_end = t - sign;
    for c in terms {
        difference = 2.0 * from_end * b + sign * difference + c;
        b = difference + sign * b;
    }
    from_end * b + sign * difference + coefficients[0]
}

/// The same for a function of `low <= x <= high`.
pub fn chebyshev_on(x: f64, low: f64, high: f64, coefficients: &[f64]) -> f64 {
    chebyshev((2.0 * x - (low + high)) / (high - low), coefficients)
}

/// `log(1 + x) - x` without cancellation.
///
/// With `r = x / (2 + x)` it is `2 atanh(r) - x = r (2 r^2 (1/3 + r^2/5 + ..) - x)`, Abramowitz and Stegun 4.1.27.
pub fn ln_1p_minus(x: f64) -> f64 {
    if !(-0.5..=1.0).contains(&x) {
        return x.ln_1p() - x;
    }
    let r = x / (2.0 + x);
    let square = r * r;
    let sum = (0..18)
        .rev()
        .fold(0.0, |sum, k| sum * square + 1.0 / (2 * k + 3) as f64);
    r * (2.0 * square * sum - x)
}

/// `exp(factor x^2)` where `factor` is a power of two of either sign: the square's rounding error is not amplified.
pub fn exp_square(x: f64, factor: f64) -> f64 {
    if x.abs() > 40.0 {
        return if factor < 0.0 { 0.0 } else { f64::INFINITY };
    }
    // The square of the first 26 bits is exact.
    let high = f64::from_bits(x.to_bits() & !0x7ff_ffff);
    (factor * high * high).exp() * (factor * (x - high) * (x + high)).exp()
}
