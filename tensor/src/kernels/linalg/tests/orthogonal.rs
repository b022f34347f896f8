//! Orthogonal factors, and least squares.

use super::*;
use crate::kernels::linalg::lstsq::lstsq_full_rank;
use crate::kernels::linalg::lu::solve;
use crate::kernels::linalg::qr::qr_complete;

#[test]
fn qr_gives_the_matrix_back() {
    for (m, n) in shapes() {
        let (a, k) = (numbers(m * n, m * n), m.min(n));
        let (mut q, mut r) = (vec![0.0; m * k], vec![0.0; k * n]);
        qr(m, n, &a, &mut q, &mut r);
        assert_orthonormal_columns(m, k, &q);
        assert_near(&product(m, k, n, &q, &r), &a, 1e-13);
        assert!((0..k).all(|i| r[i * n..i * n + i].iter().all(|&r| r == 0.0)));
        let (mut q, mut r) = (vec![0.0; m * m], vec![0.0; m * n]);
        qr_complete(m, n, &a, &mut q, &mut r);
        assert_orthonormal_columns(m, m, &q);
        assert_near(&product(m, m, n, &q, &r), &a, 1e-13);
    }
}

#[test]
fn signs_of_r_are_those_of_lapack() {
    // A column is reflected to the opposite of its first element's sign; the last row, and what is reduced already, stays.
    let (mut q, mut r) = ([0.0; 4], [0.0; 4]);
    qr(2, 2, &[3.0, 1.0, 4.0, 2.0], &mut q, &mut r);
    assert_near(&r, &[-5.0, -2.2, 0.0, 0.4], 1e-15);
    assert_near(&q, &[-0.6, -0.8, -0.8, 0.6], 1e-15);
    qr(2, 2, &[3.0, 1.0, 0.0, -2.0], &mut q, &mut r);
    assert_eq!((q, r), ([1.0, 0.0, 0.0, 1.0], [3.0, 1.0, 0.0, -2.0]));
}

#[test]
fn least_squares() {
    for (m, n) in shapes() {
        for k in [0, 1, 3] {
            let (a, b) = (numbers(m * n, m + 3 * n), numbers(m * k, k));
            let (mut x, mut y) = (vec![0.0; n * k], vec![0.0; n * k]);
            let mut s = vec![0.0; m.min(n)];
            lstsq_full_rank(m, n, k, &a, &b, &mut x).unwrap();
            assert_eq!(lstsq(m, n, k, &a, &b, 1e-14, &mut y, &mut s), Ok(m.min(n)));
            let condition = s.first().map_or(1.0, |first| first / s[s.len() - 1]);
            assert_near(&x, &y, 1e-14 * (1.0 + condition * condition));
            // The residual is orthogonal to the columns of A.
            let ax = product(m, n, k, &a, &x);
            let residual = ax.iter().zip(&b).map(|(x, b)| x - b).collect::<Vec<_>>();
            let slope = product(n, m, k, &transposed(m, n, &a), &residual);
            assert!(largest(&slope) <= 1e-12 * (1.0 + largest(&x)) * (m + n) as f64);
        }
    }
}

#[test]
fn least_squares_of_low_rank() {
    let (u, v) = (numbers(6 * 2, 1), numbers(2 * 4, 2));
    let (a, b) = (product(6, 2, 4, &u, &v), numbers(6, 3));
    let (mut x, mut s) = (vec![0.0; 4], vec![0.0; 4]);
    assert_eq!(lstsq(6, 4, 1, &a, &b, 1e-12, &mut x, &mut s), Ok(2));
    // Of the least norm: in the span of the rows of V, x = V^T (V V^T)^-1 (U^T U)^-1 U^T b.
    let ut = transposed(6, 2, &u);
    let mut y = product(2, 6, 1, &ut, &b);
    solve(2, 1, &product(2, 6, 2, &ut, &u), &mut y).unwrap();
    let vt = transposed(2, 4, &v);
    solve(2, 1, &product(2, 4, 2, &v, &vt), &mut y).unwrap();
    assert_near(&x, &product(4, 2, 1, &vt, &y), 1e-12);
    let zero = lstsq_full_rank(2, 2, 1, &[1.0, 0.0, 0.0, 0.0], &[1.0, 1.0], &mut x[..2]);
    assert_eq!(zero, Err(Failure::Singular { at: 2 }));
}
