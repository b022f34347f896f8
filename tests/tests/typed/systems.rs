//! Factors, systems of equations and least squares of typed matrices, against the functions of linear algebra.

use tensor::linalg::{self, Cutoff, Driver, Order, Triangle, Triangular};
use tensor::prelude::*;

use crate::counted::{counted, dynamic};
use crate::same;

#[test]
fn whole_factors_have_square_sides() {
    let tall = counted::<dims![2, 3, 2]>();
    let (q, r): (Tensor<dims![2, 3, 3]>, Tensor<dims![2, 3, 2]>) = tall.qr_complete().unwrap();
    assert_eq!(
        (dynamic(&q), dynamic(&r)),
        linalg::qr_complete(&dynamic(&tall)).unwrap()
    );
    same! {
        tall.qr_r().unwrap() => linalg::qr_r(&dynamic(&tall)).unwrap(), dims![2, 2, 2];
        tall.t().qr_r().unwrap() => linalg::qr_r(&dynamic(&tall.t())).unwrap(), dims![2, 2, 3];
    }
    let (u, s, vt): (Tensor<dims![2, 3, 3]>, Tensor<dims![2, 2]>, Tensor<dims![2, 2, 2]>) = tall.svd_full().unwrap();
    let found = (dynamic(&u), dynamic(&s), dynamic(&vt));
    assert_eq!(found, linalg::svd_full(&dynamic(&tall)).unwrap());
    let (p, l, u): (Tensor<dims![2, 2, 2]>, Tensor<dims![2, 2, 2]>, Tensor<dims![2, 2, 3]>) = tall.t().lu().unwrap();
    let found = (dynamic(&p), dynamic(&l), dynamic(&u));
    assert_eq!(found, linalg::lu(&dynamic(&tall.t())).unwrap());
    let (factors, pivots): (Tensor<dims![2, 3, 2]>, Tensor<dims![2, 2], i32>) = tall.lu_factor().unwrap();
    assert_eq!(
        (dynamic(&factors), dynamic(&pivots)),
        linalg::lu_factor(&dynamic(&tall)).unwrap()
    );
    let (q, r): (Tensor<dims![3, 3]>, Tensor<dims![3, 0]>) = Tensor::<dims![3, 0]>::zeros().qr_complete().unwrap();
    assert_eq!((q.sizes(), r.sizes()), (&[3, 3][..], &[3, 0][..]));
}

#[test]
fn systems_are_solved_from_both_sides() {
    let a = tensor![[4., 1., 0.], [1., 3., 1.], [0., 1., 2.]];
    let (right, left) = (counted::<dims![3, 2]>(), counted::<dims![4, 3]>());
    let (da, dr) = (dynamic(&a), dynamic(&right));
    same! {
        a.solve_right(&left).unwrap() => linalg::solve_right(&da, &dynamic(&left)).unwrap(), dims![4, 3];
        a.solve_triangular(&right, Triangle::Upper, true).unwrap() => {
            let system = Triangular { triangle: Triangle::Upper, left: true, unit: true };
            linalg::solve_triangular(&da, &dr, system).unwrap()
        }, dims![3, 2];
        right.cholesky_solve(&a.cholesky(Triangle::Lower).unwrap(), Triangle::Lower).unwrap() => {
            linalg::cholesky_solve(&dr, &linalg::cholesky(&da, Triangle::Lower).unwrap(), Triangle::Lower).unwrap()
        }, dims![3, 2];
        a.cholesky_inverse(Triangle::Upper).unwrap()
            => linalg::cholesky_inverse(&da, Triangle::Upper).unwrap(), dims![3, 3];
    }
    let (factors, pivots) = a.lu_factor().unwrap();
    for transposed in [false, true] {
        let expected = linalg::lu_solve(&dynamic(&factors), &dynamic(&pivots), &dr, transposed).unwrap();
        same! { factors.lu_solve(&pivots, &right, transposed).unwrap() => expected, dims![3, 2]; }
    }
    assert!(factors.lu_solve(&tensor![0i32, 1i32, 2i32], &right, false).is_err());
    assert!(tensor![[0., 0.], [0., 0.]].solve_right(&tensor![[1., 1.]]).is_err());
}

#[test]
fn least_squares_turn_rows_into_columns() {
    let a = counted::<dims![2, 4, 3]>();
    let (one, b) = (counted::<dims![2, 4, 1]>(), counted::<dims![2, 4, 5]>());
    same! {
        a.lstsq(&b).unwrap() => linalg::lstsq(&dynamic(&a), &dynamic(&b)).unwrap().solution, dims![2, 3, 5];
        a.lstsq_with(&one, Some(0.2), Driver::Gelsd).unwrap() => {
            linalg::lstsq_with(&dynamic(&a), &dynamic(&one), Some(0.2), Driver::Gelsd).unwrap().solution
        }, dims![2, 3, 1];
        a.pinv().unwrap() => linalg::pinv(&dynamic(&a)).unwrap(), dims![2, 3, 4];
        a.matrix_rank().unwrap() => linalg::matrix_rank(&dynamic(&a)).unwrap(), dims![2];
        a.cond(None).unwrap() => linalg::cond(&dynamic(&a), None).unwrap(), dims![2];
        a.matrix_norm(Order::Nuclear).unwrap()
            => linalg::matrix_norm(&dynamic(&a), Order::Nuclear, [-2, -1], false).unwrap(), dims![2];
        a.vector_norm::<KeptAxes<0, 2>>(3.)
            => linalg::vector_norm(&dynamic(&a), 3., Some(&[0, 2]), true).unwrap(), dims![1, 4, 1];
    }
    let cutoff = Cutoff {
        atol: Some(100.),
        rtol: None,
    };
    assert_eq!(a.matrix_rank_with(cutoff).unwrap(), tensor![0, 0]);
    assert_eq!(a.pinv_with(cutoff).unwrap(), Tensor::<dims![2, 3, 4]>::zeros());
    assert!(a.cond(Some(Order::P(1.))).is_err());
    let tau = counted::<dims![2, 2]>();
    let expected = linalg::householder_product(&dynamic(&a), &dynamic(&tau)).unwrap();
    same! { a.householder_product(&tau).unwrap() => expected, dims![2, 4, 3]; }
    assert!(a.householder_product(&counted::<dims![2, 4]>()).is_err());
}

#[test]
fn tensors_are_inverted_as_matrices() {
    let a = (counted::<dims![6, 6]>() + Tensor::<dims![6, 6]>::identity() * 9.).reshape::<dims![2, 3, 6]>();
    let b = counted::<dims![2, 3]>();
    same! {
        a.tensorinv::<2>().unwrap() => linalg::tensorinv(&dynamic(&a), 2).unwrap(), dims![6, 2, 3];
        a.tensorinv::<-1>().unwrap() => linalg::tensorinv(&dynamic(&a), 2).unwrap(), dims![6, 2, 3];
        a.tensorsolve(&b).unwrap() => linalg::tensorsolve(&dynamic(&a), &dynamic(&b)).unwrap(), dims![6];
    }
}
