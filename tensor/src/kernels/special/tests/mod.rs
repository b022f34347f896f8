//! Against `values.txt`, which `values.py` makes (the variable `SPECIAL_VALUES` names a longer file of it), and at the
//! corners against what PyTorch 2.15 answers.

mod arithmetic;
mod corners;
mod gamma;

use super::{
    bessel, digamma, error, gamma as gammas, hyperbolic, incomplete, logarithm, modified, normal, rounding, sinus, zeta,
};

/// The same number, the same zero or both NaN.
#[track_caller]
fn same(value: f64, expected: f64) {
    assert!(
        value == expected && value.is_sign_negative() == expected.is_sign_negative()
            || value.is_nan() && expected.is_nan(),
        "{value:e}, not {expected:e}"
    );
}

/// A function at each of its corners.
#[track_caller]
fn all(f: impl Fn(f64) -> f64, cases: &[(f64, f64)]) {
    for &(x, expected) in cases {
        same(f(x), expected);
    }
}

/// The distance of `value` from `exact` in units in the last place of `exact`, beyond an absolute error that is allowed.
fn ulps(value: f64, exact: f64, allowed: f64) -> f64 {
    if value == exact || (value.is_nan() && exact.is_nan()) {
        return 0.0;
    }
    if !exact.is_finite() || !value.is_finite() {
        return f64::INFINITY;
    }
    let unit = exact.abs().next_up() - exact.abs();
    ((value - exact).abs() - allowed).max(0.0) / unit
}

/// The function's value, its limit in units in the last place and its limit as an absolute error.
fn evaluate(name: &str, x: f64, y: f64) -> (f64, f64, f64) {
    // Of a function that oscillates with this amplitude.
    let amplitude = 1e-15 * (1.0 / x.abs()).sqrt().min(1.0);
    match name {
        "asinh" => (hyperbolic::asinh(x), 3.0, 0.0),
        "acosh" => (hyperbolic::acosh(x), 3.0, 0.0),
        "atanh" => (hyperbolic::atanh(x), 3.0, 0.0),
        "sinc" => (sinus::sinc(x), 3.0, 0.0),
        "logit" => (logarithm::logit(x, None), 3.0, 0.0),
        "entr" => (logarithm::entr(x), 2.0, 0.0),
        "erf" => (error::erf(x), 3.0, 0.0),
        "erfc" => (error::erfc(x), 4.0, 0.0),
        "erfcx" => (error::erfcx(x), 4.0, 0.0),
        "erfinv" => (error::erfinv(x), 4.0, 0.0),
        "ndtr" => (normal::ndtr(x), 4.0, 0.0),
        "ndtri" => (normal::ndtri(x), 4.0, 0.0),
        "log_ndtr" => (normal::log_ndtr(x), 4.0, 0.0),
        "lgamma" => (gammas::lgamma(x), 4.0, 0.0),
        "lgamma_negative" => (gammas::lgamma(x), 4.0, 2e-15),
        "digamma" => (digamma::digamma(x), 4.0, 0.0),
        "digamma_negative" => (digamma::digamma(x), 4.0, 1e-15),
        "polygamma" => (zeta::polygamma(x as u32, y), 4.0, 0.0),
        "polygamma_negative" => (zeta::polygamma(x as u32, y), 6.0, 1e-14),
        "zeta" => (zeta::zeta(x, y), 4.0, 0.0),
        "multigammaln" => (gammas::multigammaln(x, y as u32), 4.0, 0.0),
        // In the tails the argument of an exponential is known to a unit or two, which is that many in the result.
        "igamma" => tail(incomplete::igamma(x, y)),
        "igammac" => tail(incomplete::igammac(x, y)),
        "i0e" => (modified::i0e(x), 4.0, 0.0),
        "i1e" => (modified::i1e(x), 4.0, 0.0),
        "i0" => (modified::i0(x), 4.0, 0.0),
        "i1" => (modified::i1(x), 4.0, 0.0),
        "k0" => (modified::k0(x), 4.0, 0.0),
        "k1" => (modified::k1(x), 4.0, 0.0),
        "k0e" => (modified::k0e(x), 4.0, 0.0),
        "k1e" => (modified::k1e(x), 4.0, 0.0),
        "bessel_j0" => (bessel::bessel_j0(x), 4.0, amplitude),
        "bessel_j1" => (bessel::bessel_j1(x), 4.0, amplitude),
        "bessel_y0" => (bessel::bessel_y0(x), 6.0, amplitude),
        "bessel_y1" => (bessel::bessel_y1(x), 6.0, amplitude),
        "logaddexp" => (logarithm::logaddexp(x, y), 2.0, 4e-16),
        "logaddexp2" => (logarithm::logaddexp2(x, y), 2.0, 4e-16),
        "xlogy" => (logarithm::xlogy(x, y), 2.0, 0.0),
        "xlog1py" => (logarithm::xlog1py(x, y), 2.0, 0.0),
        "remainder" => (rounding::remainder(x, y), 0.0, 0.0),
        "remainder_f32" => (rounding::remainder_f32(x as f32, y as f32) as f64, 0.0, 0.0),
        "floor_divide" => (rounding::floor_divide(x, y), 0.0, 0.0),
        "floor_divide_f32" => (rounding::floor_divide_f32(x as f32, y as f32) as f64, 0.0, 0.0),
        "round_decimals" => (rounding::round_decimals(x, y as i32), 0.0, 0.0),
        "round_decimals_f32" => (rounding::round_decimals_f32(x as f32, y as i32) as f64, 0.0, 0.0),
        _ => panic!("no function `{name}`"),
    }
}

fn tail(value: f64) -> (f64, f64, f64) {
    (value, 8.0 - 2.5 * value.ln(), 0.0)
}

#[test]
fn values_are_those_of_high_precision() {
    let values = match std::env::var("SPECIAL_VALUES") {
        Ok(path) => std::fs::read_to_string(path).unwrap(),
        Err(_) => include_str!("values.txt").to_owned(),
    };
    let mut wrong = Vec::new();
    for line in values.lines() {
        let mut words = line.split(' ');
        let name = words.next().unwrap();
        let numbers: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
        let (x, y, exact) = (numbers[0], numbers[numbers.len() - 2], numbers[numbers.len() - 1]);
        let (value, limit, allowed) = evaluate(name, x, y);
        let distance = ulps(value, exact, allowed);
        let exactly = limit == 0.0 && value.is_sign_negative() != exact.is_sign_negative();
        if distance.is_nan() || distance > limit || exactly {
            wrong.push(format!("{line}: {value:e}, off by {distance:.1} units"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
