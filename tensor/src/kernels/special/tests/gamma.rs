use super::super::*;
use super::{all, same};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn gamma_functions() {
    all(
        gamma::lgamma,
        &[
            (0.0, INF),
            (-0.0, INF),
            (1.0, 0.0),
            (2.0, 0.0),
            (-1.0, INF),
            (-2.0, INF),
            (-1e300, INF),
            (INF, INF),
            (-INF, INF),
            (NAN, NAN),
            (1e308, INF),
        ],
    );
    all(
        digamma::digamma,
        &[
            (0.0, -INF),
            (-0.0, INF),
            (-1.0, NAN),
            (-2.0, NAN),
            (INF, INF),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    all(|x| zeta::polygamma(0, x), &[(0.0, -INF), (-0.0, INF), (-1.0, NAN)]);
    all(
        |x| zeta::polygamma(1, x),
        &[
            (0.0, INF),
            (-0.0, INF),
            (-1.0, INF),
            (INF, 0.0),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    all(
        |x| zeta::polygamma(2, x),
        &[
            (0.0, -INF),
            (-0.0, -INF),
            (-1.0, -INF),
            (INF, NAN),
            (-INF, -INF),
            (NAN, NAN),
        ],
    );
    all(
        |x| zeta::polygamma(3, x),
        &[(0.0, INF), (-2.0, INF), (INF, NAN), (-INF, INF), (NAN, NAN)],
    );
    assert_eq!(gamma::factorial(25), 15_511_210_043_330_985_984_000_000.0);
    assert_eq!(gamma::factorial(170), 7.257_415_615_307_999e306);
    assert_eq!(gamma::factorial(171), INF);
}

#[test]
fn zeta_and_incomplete() {
    let cases = [
        (1.0, 1.0, INF),
        (0.5, 1.0, NAN),
        (2.0, 0.0, INF),
        (2.0, -1.0, INF),
        (2.5, -0.5, NAN),
        (2.0, INF, NAN),
        (INF, 2.0, NAN),
        (INF, 1.0, 1.0),
        (INF, 0.5, INF),
        (NAN, 1.0, NAN),
        (2.0, NAN, NAN),
        (1.0, NAN, INF),
        (2.0, -INF, INF),
        (3.0, -INF, INF),
        (1e6, 1.0, 1.0),
        (1e6, 2.0, 0.0),
    ];
    for (s, q, expected) in cases {
        same(zeta::zeta(s, q), expected);
    }
    // The integer below is all that is left of such a number when rounded.
    assert!((zeta::zeta(2.0, -1e-20) * 1e-40 - 1.0).abs() < 1e-15);
    let cases = [
        (0.0, 0.0, NAN),
        (0.0, 1.0, 1.0),
        (1.0, 0.0, 0.0),
        (INF, 1.0, 0.0),
        (1.0, INF, 1.0),
        (INF, INF, NAN),
        (-1.0, 1.0, NAN),
        (1.0, -1.0, NAN),
        (NAN, 1.0, NAN),
        (0.0, INF, 1.0),
        (0.0, NAN, NAN),
        (1e10, 1e9, 0.0),
        (5.0, 1e10, 1.0),
        (1e300, 1e290, 0.0),
    ];
    for (a, x, expected) in cases {
        same(incomplete::igamma(a, x), expected);
        same(incomplete::igammac(a, x), 1.0 - expected);
    }
}
