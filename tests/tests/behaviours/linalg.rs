//! Linear algebra: what factors multiply to, what is refused, what is empty or lies in strides.

use tensor::linalg::{self, Driver, Order, Triangle, Triangular};
use tensor::prelude::*;

use crate::doubles::{Double, near, numbers};
use crate::refused;

#[test]
fn factors_multiply_to_the_matrix() {
    for sizes in [[2, 4, 4], [2, 5, 3], [2, 3, 5], [1, 1, 1], [2, 1, 3]] {
        let a = numbers(&sizes, 1);
        let (q, r) = linalg::qr(&a).unwrap();
        near(&q.matmul(&r).unwrap(), &a);
        let (q, r) = linalg::qr_complete(&a).unwrap();
        near(&q.matmul(&r).unwrap(), &a);
        let (p, l, u) = linalg::lu(&a).unwrap();
        near(&p.matmul(&l).unwrap().matmul(&u).unwrap(), &a);
        let (u, s, vt) = linalg::svd(&a).unwrap();
        let scaled = u.mul(&s.unsqueeze(-2).unwrap()).unwrap();
        near(&scaled.matmul(&vt).unwrap(), &a);
        let inverse = linalg::pinv(&a).unwrap();
        near(&a.matmul(&inverse).unwrap().matmul(&a).unwrap(), &a);
    }
}

#[test]
fn strided_matrices_are_read_in_their_order() {
    let a = numbers(&[3, 3, 2], 2).permute(&[2, 1, 0]).unwrap();
    let dense = Double::from_vec(a.to_vec().unwrap(), a.sizes()).unwrap();
    assert_eq!(linalg::inv(&a).unwrap(), linalg::inv(&dense).unwrap());
    assert_eq!(linalg::det(&a).unwrap(), linalg::det(&dense).unwrap());
    let b = numbers(&[3], 3).broadcast_to(&[4, 3]).unwrap().transpose(0, 1).unwrap();
    let x = linalg::solve(&a, &b).unwrap();
    near(&a.matmul(&x).unwrap(), &b.broadcast_to(&[2, 3, 4]).unwrap());
}

#[test]
fn what_is_no_system_is_refused() {
    let (square, wide) = (numbers(&[3, 3], 4), numbers(&[2, 3], 5));
    let vector = numbers(&[3], 6);
    for result in [
        linalg::inv(&wide),
        linalg::det(&wide),
        linalg::matrix_exp(&wide),
        linalg::matrix_power(&wide, 2),
        linalg::cholesky(&wide, Triangle::Lower),
        linalg::eigvalsh(&wide, Triangle::Lower),
        linalg::logdet(&wide),
        linalg::tensorinv(&wide, 1),
    ] {
        refused(result, &["[2, 3]"]);
    }
    for result in [linalg::inv(&vector), linalg::svdvals(&vector), linalg::pinv(&vector)] {
        refused(result, &["matrices", "[3]"]);
    }
    refused(linalg::solve(&square, &wide), &["`solve`", "[2, 3]", "[3, 3]"]);
    refused(linalg::solve_right(&square, &vector), &["`solve`", "[3]"]);
    refused(
        linalg::solve_triangular(&square, &wide, Triangular::default()),
        &["`solve_triangular`", "[2, 3]"],
    );
    refused(linalg::lstsq(&square, &wide), &["`lstsq`"]);
    refused(
        linalg::solve(&numbers(&[2, 3, 3], 7), &numbers(&[4, 3, 1], 8)),
        &["`solve`", "broadcast"],
    );
    refused(linalg::multi_dot(&[&square]), &["at least two"]);
    refused(linalg::multi_dot(&[&wide, &wide]), &["`multi_dot`", "[2, 3]"]);
}

#[test]
fn singular_and_other_impossible_matrices_are_refused() {
    let zero = numbers(&[2, 2, 2], 9).zeros_like();
    refused(linalg::inv(&zero), &["`inv`", "singular"]);
    refused(linalg::solve(&zero, &zero), &["`solve`", "singular"]);
    refused(linalg::matrix_power(&zero, -1), &["`matrix_power`", "singular"]);
    refused(
        linalg::cholesky(&zero, Triangle::Upper),
        &["`cholesky`", "positive definite"],
    );
    let lost = &zero + f64::NAN;
    refused(linalg::svd(&lost), &["`svd`", "finite"]);
    refused(linalg::eigh(&lost, Triangle::Lower), &["`eigh`", "finite"]);
    assert_eq!(linalg::det(&zero).unwrap().to_vec().unwrap(), [0.0, 0.0]);
    let (sign, log) = linalg::slogdet(&zero).unwrap();
    assert_eq!(sign.to_vec().unwrap(), [0.0, 0.0]);
    assert_eq!(log.to_vec().unwrap(), [f64::NEG_INFINITY; 2]);
    assert_eq!(linalg::matrix_rank(&zero).unwrap().to_vec().unwrap(), [0, 0]);
}

#[test]
fn pivots_out_of_range_are_refused() {
    let a = numbers(&[2, 2], 10);
    let (factors, pivots) = linalg::lu_factor(&a).unwrap();
    for wrong in [0, 3, -1] {
        let pivots = Tensor::<Dynamic, i32>::from(vec![wrong, 2]);
        refused(linalg::lu_solve(&factors, &pivots, &a, false), &["`lu_solve`", "pivot"]);
    }
    let x = linalg::lu_solve(&factors, &pivots, &a, false).unwrap();
    near(&x, &linalg::solve(&a, &a).unwrap());
}

#[test]
fn empty_matrices_have_empty_factors() {
    let empty = Double::from_vec(vec![], &[2, 0, 0]).unwrap();
    assert_eq!(linalg::inv(&empty).unwrap().sizes(), [2, 0, 0]);
    assert_eq!(linalg::det(&empty).unwrap().to_vec().unwrap(), [1.0, 1.0]);
    assert_eq!(linalg::matrix_exp(&empty).unwrap().sizes(), [2, 0, 0]);
    let none = Double::from_vec(vec![], &[0, 3, 2]).unwrap();
    assert_eq!(linalg::svd_full(&none).unwrap().2.sizes(), [0, 2, 2]);
    let flat = Double::from_vec(vec![], &[3, 0]).unwrap();
    assert_eq!(linalg::qr_complete(&flat).unwrap().0.sizes(), [3, 3]);
    assert_eq!(linalg::pinv(&flat).unwrap().sizes(), [0, 3]);
    refused(
        linalg::vector_norm(&flat, f64::INFINITY, None, false),
        &["`vector_norm`", "[3, 0]"],
    );
    refused(
        linalg::matrix_norm(&flat, Order::P(2.0), [0, 1], false),
        &["`matrix_norm`"],
    );
}

#[test]
fn norms_that_are_none_are_refused() {
    let x = numbers(&[2, 3, 4], 11);
    refused(linalg::matrix_norm(&x, Order::P(3.0), [-2, -1], false), &["3"]);
    refused(linalg::matrix_norm(&x, Order::Frobenius, [1, 1], false), &["twice"]);
    refused(linalg::matrix_norm(&x, Order::Frobenius, [1, 3], false), &["axis 3"]);
    refused(
        linalg::norm(&x, Some(Order::Nuclear), None, false),
        &["`norm`", "[2, 3, 4]"],
    );
    refused(linalg::vector_norm(&x, f64::NAN, None, false), &["ord"]);
    let half = Tensor::<Dynamic, f32>::from(vec![300.0; 4]).cast::<tensor::f16>();
    let norm = linalg::vector_norm(&half, 2.0, None, false).unwrap();
    assert_eq!(norm.to_vec().unwrap()[0].to_f32(), 600.0, "the squares do not overflow");
}

#[test]
fn least_squares_say_what_their_driver_knows() {
    let (a, b) = (numbers(&[4, 2], 12), numbers(&[4, 3], 13));
    let of = |driver| linalg::lstsq_with(&a, &b, None, driver).unwrap();
    let found = of(Driver::Gelsd);
    assert_eq!(found.rank.to_vec().unwrap(), [2]);
    assert_eq!(
        (found.residuals.sizes(), found.singular_values.sizes()),
        (&[3][..], &[2][..])
    );
    let other = of(Driver::Gels);
    near(&other.solution, &found.solution);
    assert!(other.rank.is_empty() && other.singular_values.is_empty());
    assert!(of(Driver::Gelsy).residuals.is_empty());
}

#[test]
fn reflections_multiply_to_an_orthogonal_matrix() {
    let a = numbers(&[2, 4, 3], 14);
    // tau of 2 / |v|^2 for the first column, none for the others.
    let v = a.narrow(-2, 1, 3).unwrap().narrow(-1, 0, 1).unwrap();
    let length = v.square().sum_axes(&[-2, -1], false).unwrap() + 1.0;
    let tau = length.reciprocal() * 2.0;
    let q = linalg::householder_product(&a, &tau.unsqueeze(-1).unwrap()).unwrap();
    let one = q.transpose(-2, -1).unwrap().matmul(&q).unwrap();
    near(&one, &linalg::matrix_power(&one, 0).unwrap());
    refused(linalg::householder_product(&a, &tau), &["`householder_product`", "[2]"]);
}

#[test]
fn small_singular_values_are_cut() {
    let a = Double::from_vec(vec![4.0, 0.0, 0.0, 1.0], &[2, 2]).unwrap();
    let cut = |atol, rtol| {
        linalg::pinv_with(&a, linalg::Cutoff { atol, rtol })
            .unwrap()
            .to_vec()
            .unwrap()[3]
    };
    assert_eq!((cut(None, None), cut(Some(0.5), None)), (1.0, 1.0));
    assert_eq!(
        (cut(Some(2.0), None), cut(None, Some(0.5)), cut(Some(2.0), Some(0.1))),
        (0.0, 0.0, 0.0)
    );
    refused(
        linalg::pinv_with(
            &a,
            linalg::Cutoff {
                atol: Some(-1.0),
                rtol: None,
            },
        ),
        &["atol"],
    );
}
