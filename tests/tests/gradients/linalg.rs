//! Linear algebra in both orders: square, tall, wide and batched matrices.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::linalg::{self, Cutoff, Driver, Order, Triangle, Triangular};
use tensor::prelude::*;

type Double = Tensor<Dynamic, f64>;

/// Numbers between -1 and 1, by a seed.
fn numbers(sizes: &[usize], seed: u64) -> Double {
    let all = Double::rand(sizes, seed).unwrap();
    &all * 2.0 - 1.0
}

/// Matrices far from singular, with eigenvalues apart.
fn regular(sizes: &[usize], seed: u64) -> Double {
    let n = sizes[sizes.len() - 1];
    let diagonal: Vec<f64> = (0..n * n)
        .map(|at| {
            if at / n == at % n {
                3.0 + 2.0 * (at % n) as f64
            } else {
                0.0
            }
        })
        .collect();
    let diagonal = Double::from_vec(diagonal, &[n, n]).unwrap();
    numbers(sizes, seed).add(&diagonal).unwrap()
}

#[track_caller]
fn both(f: impl Fn(&[Double]) -> tensor::Result<Double>, inputs: &[&Double]) {
    gradcheck(&f, inputs, Tolerance::default()).unwrap();
    gradgradcheck(&f, inputs, Tolerance::default()).unwrap();
}

fn symmetric(a: &Double) -> tensor::Result<Double> {
    a.add(&a.transpose(-2, -1)?)
}

#[test]
fn systems() {
    let (a, b) = (regular(&[2, 3, 3], 1), numbers(&[3, 2], 2));
    both(|x| linalg::inv(&x[0]), &[&a]);
    both(|x| linalg::solve(&x[0], &x[1]), &[&a, &b]);
    both(|x| linalg::solve(&x[0], &x[1]), &[&a, &numbers(&[2, 3], 3)]);
    both(|x| linalg::solve_right(&x[0], &x[1]), &[&a, &numbers(&[4, 3], 4)]);
    both(
        |x| linalg::tensorsolve(&x[0], &x[1]),
        &[&regular(&[3, 3], 5), &numbers(&[3], 6)],
    );
    for (left, unit) in [(true, false), (true, true), (false, false), (false, true)] {
        for triangle in [Triangle::Lower, Triangle::Upper] {
            let system = Triangular { triangle, left, unit };
            let b = if left { b.clone() } else { numbers(&[2, 3], 7) };
            both(|x| linalg::solve_triangular(&x[0], &x[1], system), &[&a, &b]);
        }
    }
}

#[test]
fn factors_of_positive_definite_matrices() {
    let a = regular(&[2, 3, 3], 11);
    let factor = |a: &Double, triangle| linalg::cholesky(&symmetric(a)?, triangle);
    both(|x| factor(&x[0], Triangle::Lower), &[&a]);
    both(|x| factor(&x[0], Triangle::Upper), &[&a]);
    let b = numbers(&[3, 1], 12);
    both(|x| linalg::cholesky_solve(&x[1], &x[0], Triangle::Lower), &[&a, &b]);
    both(|x| linalg::cholesky_inverse(&x[0], Triangle::Upper), &[&a]);
}

#[test]
fn determinants() {
    let a = regular(&[2, 3, 3], 21);
    both(|x| linalg::det(&x[0]), &[&a]);
    both(|x| Ok(linalg::slogdet(&x[0])?.1), &[&a]);
    both(|x| linalg::logdet(&x[0]), &[&a]);
    // The determinant of a singular matrix has a slope too.
    let singular = Double::from_vec(vec![1.0, 2.0, 2.0, 4.0], &[2, 2]).unwrap();
    gradcheck(|x| linalg::det(&x[0]), &[&singular], Tolerance::default()).unwrap();
}

#[test]
fn triangular_factors_of_any_shape() {
    for (m, n) in [(3, 3), (4, 2), (2, 4), (1, 3)] {
        let a = numbers(&[2, m, n], 31);
        both(|x| Ok(linalg::lu_factor(&x[0])?.0), &[&a]);
        both(|x| Ok(linalg::lu(&x[0])?.1), &[&a]);
        both(|x| Ok(linalg::qr(&x[0])?.0), &[&a]);
        both(|x| Ok(linalg::qr(&x[0])?.1), &[&a]);
    }
    let (a, tau) = (numbers(&[2, 4, 3], 34), numbers(&[2, 2], 35));
    both(|x| linalg::householder_product(&x[0], &x[1]), &[&a, &tau]);
    let (a, b) = (regular(&[3, 3], 32), numbers(&[3, 2], 33));
    for transposed in [false, true] {
        let solved = |x: &[Double]| {
            let (factors, pivots) = linalg::lu_factor(&x[0])?;
            linalg::lu_solve(&factors, &pivots, &x[1], transposed)
        };
        both(solved, &[&a, &b]);
    }
}

#[test]
fn spectra() {
    let a = regular(&[2, 3, 3], 41);
    both(|x| linalg::eigvalsh(&symmetric(&x[0])?, Triangle::Lower), &[&a]);
    both(
        |x| Ok(linalg::eigh(&symmetric(&x[0])?, Triangle::Upper)?.1.abs()),
        &[&a],
    );
    for (m, n) in [(3, 3), (4, 2), (2, 4)] {
        let a = numbers(&[m, n], 42);
        both(|x| linalg::svdvals(&x[0]), &[&a]);
        both(|x| Ok(linalg::svd(&x[0])?.0.abs()), &[&a]);
        both(|x| Ok(linalg::svd(&x[0])?.2.abs()), &[&a]);
    }
}

#[test]
fn least_squares() {
    for (m, n) in [(4, 2), (2, 4), (3, 3)] {
        let (a, b) = (numbers(&[m, n], 51), numbers(&[m, 2], 52));
        both(|x| linalg::pinv(&x[0]), &[&a]);
        for driver in [Driver::Gels, Driver::Gelsy, Driver::Gelsd] {
            both(
                |x| Ok(linalg::lstsq_with(&x[0], &x[1], None, driver)?.solution),
                &[&a, &b],
            );
        }
    }
    let (a, b) = (numbers(&[4, 2], 53), numbers(&[4], 54));
    both(
        |x| Ok(linalg::lstsq_with(&x[0], &x[1], None, Driver::Gelsd)?.residuals),
        &[&a, &b],
    );
    let some = Cutoff {
        rtol: Some(0.1),
        ..Cutoff::default()
    };
    gradcheck(|x| linalg::pinv_with(&x[0], some), &[&a], Tolerance::default()).unwrap();
}

#[test]
fn functions_of_matrices() {
    let a = regular(&[2, 2, 2], 61) * 0.3;
    both(|x| linalg::matrix_exp(&x[0]), &[&a]);
    for n in [-2, -1, 1, 2, 5] {
        both(|x| linalg::matrix_power(&x[0], n), &[&a]);
    }
}

#[test]
fn norms() {
    let x = numbers(&[2, 3, 4], 71);
    for p in [0.5, 1.0, 2.0, 3.0, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
        both(|x| linalg::vector_norm(&x[0], p, Some(&[0, -1]), true), &[&x]);
    }
    let orders = [1.0, -1.0, 2.0, -2.0, f64::INFINITY, f64::NEG_INFINITY].map(Order::P);
    for order in orders.into_iter().chain([Order::Frobenius, Order::Nuclear]) {
        both(|x| linalg::matrix_norm(&x[0], order, [2, 0], false), &[&x]);
    }
    for order in [None, Some(Order::Frobenius), Some(Order::P(1.0))] {
        both(|x| linalg::cond(&x[0], order), &[&regular(&[2, 3, 3], 72)]);
    }
    let some = Double::from_vec(vec![1., 1., 1., 1., 4., 0., 0., 2.], &[2, 2, 2])
        .unwrap()
        .requires_grad();
    let conditions = linalg::cond(&some, Some(Order::P(1.0))).unwrap();
    assert_eq!(
        conditions.to_vec().unwrap(),
        [f64::INFINITY, 2.0],
        "the first has no inverse"
    );
    conditions.sum().backward();
    assert!(
        some.grad()
            .unwrap()
            .to_vec()
            .unwrap()
            .iter()
            .all(|slope| slope.is_finite())
    );
    let none = Double::zeros_of(&[3, 0, 0]).unwrap();
    assert_eq!(
        linalg::cond(&none, Some(Order::Frobenius)).unwrap().to_vec().unwrap(),
        [0.0; 3]
    );
    let zero = x.zeros_like().requires_grad();
    linalg::vector_norm(&zero, 2.0, None, false).unwrap().sum().backward();
    assert_eq!(zero.grad().unwrap(), zero.zeros_like(), "the gradient at zero is 0");
}
