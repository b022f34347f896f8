use super::*;
use crate::kernels::simd::Portable;

/// The distance of `x` from `exact` in units in the last place of `exact`.
fn ulps_f32(x: f32, exact: f64) -> f64 {
    let near = exact as f32;
    if x == near || (x.is_nan() && exact.is_nan()) {
        return 0.0;
    }
    if !near.is_finite() || !x.is_finite() {
        return f64::INFINITY;
    }
    let unit = (f32::from_bits(near.abs().to_bits() + 1) as f64 - near.abs() as f64).max(f32::from_bits(1) as f64);
    (x as f64 - exact).abs() / unit
}

fn ulps_f64(x: f64, exact: f64) -> f64 {
    if x == exact || (x.is_nan() && exact.is_nan()) {
        return 0.0;
    }
    if !exact.is_finite() || !x.is_finite() {
        return f64::INFINITY;
    }
    let unit = f64::from_bits(exact.abs().to_bits() + 1) - exact.abs();
    (x - exact).abs() / unit
}

const SPECIAL: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    1e-40,
    -1e-40,
    1e-45,
    1e-310,
    5e-324,
    88.9,
    -103.9,
    -745.0,
    709.7,
];

fn worst_f32(f: fn(f32) -> f32, exact: fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let grid = (0..200_000).map(|i| low + (high - low) * i as f64 / 200_000.0);
    grid.chain(SPECIAL)
        .map(|x| x as f32)
        .map(|x| ulps_f32(f(x), exact(x as f64)))
        .fold(0.0, f64::max)
}

fn worst_f64(f: fn(f64) -> f64, exact: fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let grid = (0..200_000).map(|i| low + (high - low) * i as f64 / 200_000.0);
    grid.chain(SPECIAL)
        .map(|x| ulps_f64(f(x), exact(x)))
        .fold(0.0, f64::max)
}

#[test]
fn exp_is_within_two_units() {
    assert!(worst_f32(single::exp::<Portable>, f64::exp, -104.0, 89.0) <= 2.0);
    assert!(worst_f32(single::exp::<Portable>, f64::exp, -1.0, 1.0) <= 2.0);
    assert!(worst_f64(double::exp::<Portable>, f64::exp, -750.0, 715.0) <= 3.0);
    assert!(worst_f64(double::exp::<Portable>, f64::exp, -1.0, 1.0) <= 3.0);
}

#[test]
fn exp_down_is_exp_down_to_the_subnormal_numbers() {
    for i in 0..200_000 {
        let x = -87.0 * f64::from(i) / 200_000.0;
        assert!(
            ulps_f32(single::exp_down::<Portable>(x as f32), f64::from(x as f32).exp()) <= 2.0,
            "{x}"
        );
        assert!(
            ulps_f64(double::exp_down::<Portable>(8.0 * x), (8.0 * x).exp()) <= 3.0,
            "{x}"
        );
    }
    for x in [-87.1, -1e30, f32::NEG_INFINITY] {
        assert_eq!(single::exp_down::<Portable>(x), 0.0);
        assert_eq!(double::exp_down::<Portable>(10.0 * f64::from(x)), 0.0);
    }
    assert!(single::exp_down::<Portable>(f32::NAN).is_nan() && double::exp_down::<Portable>(f64::NAN).is_nan());
    assert_eq!(
        (single::exp_down::<Portable>(0.0), double::exp_down::<Portable>(-0.0)),
        (1.0, 1.0)
    );
}

#[test]
fn exp_m1_is_within_two_units() {
    for (low, high) in [(-1.0, 1.0), (-1e-4, 1e-4), (-40.0, 60.0)] {
        let grid = (0..100_000).map(|i| low + (high - low) * i as f64 / 100_000.0);
        for x in grid {
            assert!(
                ulps_f32(single::exp_m1::<Portable>(x as f32), (x as f32 as f64).exp_m1()) <= 2.5,
                "{x}"
            );
            assert!(ulps_f64(double::exp_m1::<Portable>(x), x.exp_m1()) <= 4.0, "{x}");
        }
    }
    assert!(single::exp_m1::<Portable>(-0.0).is_sign_negative());
    assert_eq!(double::exp_m1::<Portable>(f64::NEG_INFINITY), -1.0);
}

#[test]
fn ln_is_within_two_units() {
    for (low, high) in [(-1.0, 3.0), (0.9, 1.1), (0.0, 1e30), (0.0, 1e-37)] {
        assert!(worst_f32(single::ln::<Portable>, f64::ln, low, high) <= 2.0);
        assert!(worst_f64(double::ln::<Portable>, f64::ln, low, high) <= 3.0);
    }
}

#[test]
fn tanh_is_within_two_units() {
    for (low, high) in [(-25.0, 25.0), (-0.01, 0.01), (-1.0, 1.0)] {
        let (single, double) = (
            worst_f32(tanh::<Portable, f32>, f64::tanh, low, high),
            worst_f64(tanh::<Portable, f64>, f64::tanh, low, high),
        );
        assert!(single <= 2.5 && double <= 4.0, "{single} {double}");
    }
    assert!(tanh::<Portable, f32>(-0.0).is_sign_negative());
}

/// The error function by its series, and by the continued fraction of `erfc` for large arguments.
pub(crate) fn exact_erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    let value = if size < 2.5 {
        // Only positive terms: x (1 + 2 x^2 / 3 (1 + 2 x^2 / 5 (..))).
        let series = (1..100)
            .rev()
            .fold(1.0, |sum, n| 1.0 + sum * 2.0 * size * size / (2 * n + 1) as f64);
        series * size * (-size * size).exp() * std::f64::consts::FRAC_2_SQRT_PI
    } else if size > 27.0 {
        1.0
    } else {
        let fraction = (1..200)
            .rev()
            .fold(size, |fraction, n| size + n as f64 / 2.0 / fraction);
        1.0 - (-size * size).exp() / fraction / std::f64::consts::PI.sqrt()
    };
    value.copysign(x)
}

#[test]
fn erf_is_close() {
    assert!(worst_f32(single::erf::<Portable>, exact_erf, -5.0, 5.0) <= 2.0);
    for i in -70_000..70_000 {
        let x = i as f64 / 10_000.0;
        let (value, exact) = (double::erf::<Portable>(x), exact_erf(x));
        assert!((value - exact).abs() <= 2e-15, "erf({x}) = {value}, not {exact}");
    }
    assert_eq!(double::erf::<Portable>(f64::INFINITY), 1.0);
    assert_eq!(double::erf::<Portable>(f64::NEG_INFINITY), -1.0);
    assert!(double::erf::<Portable>(f64::NAN).is_nan());
    assert!(double::erf::<Portable>(-0.0).is_sign_negative());
    assert_eq!(
        double::erf::<Portable>(1e-310),
        1e-310 * std::f64::consts::FRAC_2_SQRT_PI
    );
}

#[test]
fn sigmoid_is_within_three_units() {
    let exact = |x: f64| {
        if x < 0.0 {
            x.exp() / (1.0 + x.exp())
        } else {
            1.0 / (1.0 + (-x).exp())
        }
    };
    for i in -80_000..=80_000 {
        let x = f64::from(i) / 1000.0;
        assert!(
            ulps_f32(sigmoid::<Portable, f32>(x as f32), exact(f64::from(x as f32))) <= 3.0,
            "{x}"
        );
        assert!(ulps_f64(sigmoid::<Portable, f64>(x), exact(x)) <= 4.0, "{x}");
    }
    assert!(sigmoid::<Portable, f32>(f32::NAN).is_nan());
    assert_eq!(
        (
            sigmoid::<Portable, f64>(f64::NEG_INFINITY),
            sigmoid::<Portable, f64>(f64::INFINITY)
        ),
        (0.0, 1.0)
    );
}

#[test]
fn sigmoid_and_ln_1p_reach_their_limits() {
    assert_eq!(sigmoid::<Portable, f32>(-200.0), 0.0);
    assert_eq!(sigmoid::<Portable, f32>(200.0), 1.0);
    assert_eq!(ln_1p::<Portable, f64>(1e-20), 1e-20);
    assert_eq!(ln_1p::<Portable, f32>(f32::INFINITY), f32::INFINITY);
    assert!((ln_1p::<Portable, f64>(0.3) - 0.3f64.ln_1p()).abs() < 1e-16);
}
