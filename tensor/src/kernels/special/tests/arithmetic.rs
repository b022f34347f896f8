use super::super::*;
use super::same;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn division_and_decimals() {
    let cases = [
        (5.0, 3.0, 2.0, 1.0),
        (-5.0, 3.0, 1.0, -2.0),
        (5.0, -3.0, -1.0, -2.0),
        (-5.0, -3.0, -2.0, 1.0),
        (0.0, 3.0, 0.0, 0.0),
        (-0.0, 3.0, -0.0, -0.0),
        (INF, 3.0, NAN, NAN),
        (5.0, INF, 5.0, 0.0),
        (5.0, -INF, -INF, -1.0),
        (-5.0, INF, INF, -1.0),
        (NAN, 1.0, NAN, NAN),
        (1.0, 0.0, NAN, INF),
        (1.0, -0.0, NAN, -INF),
        (-0.0, -3.0, -0.0, 0.0),
        (0.0, 0.0, NAN, NAN),
    ];
    for (a, b, remainder, quotient) in cases {
        same(rounding::remainder(a, b), remainder);
        same(rounding::floor_divide(a, b), quotient);
        same(rounding::remainder_f32(a as f32, b as f32) as f64, remainder);
        same(rounding::floor_divide_f32(a as f32, b as f32) as f64, quotient);
    }
    let cases = [
        (2.675, 2, 2.68),
        (1e300, 2, 1e300),
        (NAN, 2, NAN),
        (INF, 2, INF),
        (1e300, 10, INF),
        (125.0, -1, 120.0),
        (135.0, -1, 140.0),
        (1e308, -1, 1e308),
        (5.0, -1, 0.0),
        (1.0, 400, NAN),
        (1.0, -400, NAN),
        (-0.4, 0, -0.0),
        (2.5, 0, 2.0),
        (3.5, 0, 4.0),
    ];
    for (x, decimals, expected) in cases {
        same(rounding::round_decimals(x, decimals), expected);
    }
}

#[test]
fn parts_of_numbers() {
    let least = f64::from_bits(1);
    same(float::nextafter(0.0, -1.0), -least);
    same(float::nextafter(1.0, 1.0), 1.0);
    same(float::nextafter(NAN, 2.0), NAN);
    same(float::nextafter(2.0, NAN), NAN);
    same(float::nextafter(0.0, -0.0), -0.0);
    same(float::nextafter(-0.0, 0.0), 0.0);
    same(float::nextafter(-least, 1.0), -0.0);
    same(float::nextafter(INF, 0.0), f64::MAX);
    same(float::nextafter(f64::MAX, INF), INF);
    assert_eq!(float::nextafter_f32(1.0, 2.0), 1.0 + f32::EPSILON);

    assert_eq!(float::frexp(-8.0), (-0.5, 4));
    assert_eq!(float::frexp(least), (0.5, -1073));
    assert_eq!(float::frexp(INF), (INF, 0));
    for x in [0.1, -3.7e200, 2.5e-310, 1.0, -1023.99, f64::MAX] {
        let (m, e) = float::frexp(x);
        assert!((0.5..1.0).contains(&m.abs()), "{m}");
        same(float::ldexp(m, e), x);
    }
    same(float::ldexp(-0.0, 5000), -0.0);
    same(float::ldexp(1.0, i32::MAX), INF);
    same(float::ldexp(-1.0, i32::MIN), -0.0);
    same(float::ldexp(least, 1074), 1.0);
    same(float::ldexp(1.0, -1074), least);
    same(float::ldexp(INF, -2), INF);
    // Above a half of the least number by less than a subnormal intermediate would hold.
    same(float::ldexp(1.0 + f64::EPSILON, -1075), least);
    same(float::ldexp(1.0, -1075), 0.0);

    for (x, expected) in [(NAN, 0.0), (-0.0, 0.5), (0.0, 0.5), (1.0, 1.0), (-1.0, 0.0), (INF, 1.0)] {
        same(float::heaviside(x, 0.5), expected);
    }
}

#[test]
fn divisors_and_multiples() {
    for (a, b, divisor, multiple) in [
        (0, 0, 0, 0),
        (-4, 0, 4, 0),
        (6, -9, 3, 18),
        (-4, 6, 2, 12),
        (7, 7, 7, 7),
    ] {
        assert_eq!((integer::gcd(a, b), integer::lcm(a, b)), (divisor, multiple));
    }
    assert_eq!(integer::gcd(i64::MIN, i64::MIN), i64::MIN);
    assert_eq!(integer::gcd(i64::MIN, 6), 2);
}
