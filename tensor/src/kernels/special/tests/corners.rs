use super::super::*;
use super::{all, same};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn inverse_hyperbolic() {
    all(
        hyperbolic::asinh,
        &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)],
    );
    all(
        hyperbolic::acosh,
        &[(1.0, 0.0), (0.999, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)],
    );
    all(
        hyperbolic::atanh,
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (1.0, INF),
            (-1.0, -INF),
            (1.1, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
}

#[test]
fn logarithms() {
    all(
        sinus::sinc,
        &[
            (0.0, 1.0),
            (-0.0, 1.0),
            (1e-320, 1.0),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    all(
        |x| logarithm::logit(x, None),
        &[(0.0, -INF), (1.0, INF), (-0.1, NAN), (1.1, NAN), (0.5, 0.0), (NAN, NAN)],
    );
    same(logarithm::logit(1.1, Some(0.1)), logarithm::logit(0.9, None));
    same(logarithm::logit(-1.0, Some(0.1)), logarithm::logit(0.1, None));
    same(logarithm::logit(NAN, Some(0.1)), NAN);
    all(
        logarithm::entr,
        &[
            (0.0, 0.0),
            (-0.0, 0.0),
            (1.0, -0.0),
            (-1.0, -INF),
            (INF, -INF),
            (-INF, -INF),
            (NAN, NAN),
        ],
    );
    for f in [logarithm::logaddexp, logarithm::logaddexp2] {
        same(f(INF, INF), INF);
        same(f(-INF, -INF), -INF);
        same(f(INF, -INF), INF);
        same(f(-INF, 3.0), 3.0);
        same(f(NAN, 1.0), NAN);
        same(f(INF, NAN), NAN);
        same(f(1e300, -1e300), 1e300);
    }
    let cases = [
        (0.0, NAN, NAN),
        (0.0, -2.0, 0.0),
        (0.0, INF, 0.0),
        (0.0, -INF, 0.0),
        (-1.0, -2.0, NAN),
        (NAN, 1.0, NAN),
    ];
    for (x, y, expected) in cases {
        same(logarithm::xlogy(x, y), expected);
        same(logarithm::xlog1py(x, y), expected);
    }
    same(logarithm::xlogy(1.0, 0.0), -INF);
    same(logarithm::xlog1py(1.0, -1.0), -INF);
}

#[test]
fn error_functions() {
    all(
        error::erf,
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, 1.0),
            (-INF, -1.0),
            (NAN, NAN),
            (1e300, 1.0),
        ],
    );
    all(
        error::erfc,
        &[
            (0.0, 1.0),
            (INF, 0.0),
            (-INF, 2.0),
            (NAN, NAN),
            (1e300, 0.0),
            (-30.0, 2.0),
        ],
    );
    all(
        error::erfcx,
        &[(0.0, 1.0), (INF, 0.0), (-INF, INF), (NAN, NAN), (-30.0, INF)],
    );
    all(
        error::erfinv,
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (1.0, INF),
            (-1.0, -INF),
            (1.1, NAN),
            (-2.0, NAN),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    );
    all(
        error::erfcinv,
        &[(0.0, INF), (2.0, -INF), (1.0, 0.0), (-1.0, NAN), (2.5, NAN), (NAN, NAN)],
    );
    all(
        normal::ndtr,
        &[
            (0.0, 0.5),
            (-0.0, 0.5),
            (INF, 1.0),
            (-INF, 0.0),
            (NAN, NAN),
            (1e300, 1.0),
            (-1e300, 0.0),
        ],
    );
    all(
        normal::log_ndtr,
        &[(INF, -0.0), (-INF, -INF), (NAN, NAN), (1e300, -0.0)],
    );
    all(
        normal::ndtri,
        &[
            (0.0, -INF),
            (1.0, INF),
            (0.5, 0.0),
            (-0.1, NAN),
            (1.1, NAN),
            (INF, NAN),
            (NAN, NAN),
        ],
    );
}

#[test]
fn bessel_functions() {
    all(bessel::bessel_j0, &[(0.0, 1.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]);
    all(
        bessel::bessel_j1,
        &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)],
    );
    for f in [bessel::bessel_y0, bessel::bessel_y1] {
        all(
            f,
            &[
                (0.0, -INF),
                (-0.0, -INF),
                (-1.0, NAN),
                (INF, NAN),
                (-INF, NAN),
                (NAN, NAN),
            ],
        );
    }
    all(bessel::bessel_y1, &[(1e-320, -INF)]);
    all(
        modified::i0,
        &[(0.0, 1.0), (1e300, INF), (INF, NAN), (-INF, NAN), (NAN, NAN)],
    );
    all(
        modified::i1,
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (1e300, INF),
            (-1e300, -INF),
            (INF, NAN),
            (NAN, NAN),
        ],
    );
    all(modified::i0e, &[(0.0, 1.0), (INF, 0.0), (-INF, 0.0), (NAN, NAN)]);
    all(modified::i1e, &[(0.0, 0.0), (INF, 0.0), (-INF, -0.0), (NAN, NAN)]);
    for f in [modified::k0, modified::k1, modified::k0e, modified::k1e] {
        all(
            f,
            &[
                (0.0, INF),
                (-0.0, INF),
                (-1.0, NAN),
                (INF, 0.0),
                (-INF, NAN),
                (NAN, NAN),
            ],
        );
    }
    all(modified::k1, &[(1e-320, INF)]);
}
