//! The exponential of a matrix against its series.

use super::*;
use crate::kernels::linalg::exponential::matrix_exp;

#[test]
fn exponentials() {
    for n in [0, 1, 2, 3, 5, 8, 17] {
        // Every degree, and squarings.
        for size in [0.0, 1e-3, 0.1, 0.4, 1.0, 3.0, 30.0] {
            let a = numbers(n * n, n)
                .iter()
                .map(|a| a * size / n as f64)
                .collect::<Vec<_>>();
            let mut out = vec![0.0; n * n];
            matrix_exp(n, &a, &mut out);
            assert_near(&out, &taylor(n, &a), 1e-12);
        }
    }
    let mut out = [0.0; 4];
    matrix_exp(2, &[0.0, -1.0, 1.0, 0.0], &mut out);
    let (sin, cos) = 1f64.sin_cos();
    assert_near(&out, &[cos, -sin, sin, cos], 1e-15);
    for bad in [f64::NAN, f64::INFINITY] {
        matrix_exp(2, &[bad, 0.0, 0.0, 0.0], &mut out);
        assert!(out.iter().all(|x| x.is_nan()));
    }
    matrix_exp(2, &[1e308, 1e308, 1e308, 1e308], &mut out);
    assert!(!out.iter().any(|x| x.is_finite()));
}

/// The series of `A / 2^10`, squared ten times.
fn taylor(n: usize, a: &[f64]) -> Vec<f64> {
    let small = a.iter().map(|a| a / 1024.0).collect::<Vec<_>>();
    let (mut sum, mut term) = (identity(n, n), identity(n, n));
    for k in 1..12 {
        term = product(n, n, n, &term, &small).iter().map(|x| x / k as f64).collect();
        sum.iter_mut().zip(&term).for_each(|(sum, x)| *sum += x);
    }
    (0..10).fold(sum, |x, _| product(n, n, n, &x, &x))
}
