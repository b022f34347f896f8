//! Singular values and eigenvalues.

use super::*;
use crate::kernels::linalg::svd::{svd_full, svdvals};

#[test]
fn singular_values_and_vectors() {
    for (m, n) in shapes() {
        check_svd(m, n, &numbers(m * n, m + 2 * n));
    }
}

/// Ranks that are not full, values that are equal, far apart, tiny and huge.
#[test]
fn hard_singular_values() {
    for n in [1, 2, 3, 5, 8, 17, 40] {
        let a = numbers(n * n, n);
        check_svd(n, n, &vec![0.0; n * n]);
        check_svd(n, n, &vec![1.0; n * n]);
        check_svd(n, n, &identity(n, n));
        check_svd(n + 3, n, &product(n + 3, 1, n, &numbers(n + 3, 1), &numbers(n, 2)));
        check_svd(n, n, &a.iter().map(|a| a * 1e-300).collect::<Vec<_>>());
        check_svd(n, n, &a.iter().map(|a| a * 1e307).collect::<Vec<_>>());
        let graded = a
            .iter()
            .enumerate()
            .map(|(i, a)| a * 10f64.powi(-((i / n + i % n) as i32)));
        check_svd(n, n, &graded.collect::<Vec<_>>());
        let bidiagonal = (0..n * n).map(|i| {
            if i % n == i / n + 1 || i % n == i / n && i / n % 3 > 0 {
                1.0
            } else {
                0.0
            }
        });
        check_svd(n, n, &bidiagonal.collect::<Vec<_>>());
    }
}

fn check_svd(m: usize, n: usize, a: &[f64]) {
    let k = m.min(n);
    let (mut u, mut s, mut vt) = (vec![0.0; m * k], vec![0.0; k], vec![0.0; k * n]);
    svd(m, n, a, &mut u, &mut s, &mut vt).unwrap();
    assert!(s.is_sorted_by(|x, y| x >= y) && s.iter().all(|&s| s >= 0.0));
    assert_orthonormal_columns(m, k, &u);
    assert_orthonormal_columns(n, k, &transposed(k, n, &vt));
    assert_near(&product(m, k, n, &scaled_columns(k.max(1), &u, &s), &vt), a, 1e-12);
    let mut alone = vec![0.0; k];
    svdvals(m, n, a, &mut alone).unwrap();
    assert_near(&alone, &s, 1e-13);
    let (mut u, mut vt) = (vec![0.0; m * m], vec![0.0; n * n]);
    svd_full(m, n, a, &mut u, &mut s, &mut vt).unwrap();
    assert_orthonormal_columns(m, m, &u);
    assert_orthonormal_columns(n, n, &transposed(n, n, &vt));
    let middle = (0..m * n).map(|i| if i % n == i / n { s[i % n] } else { 0.0 });
    let us = product(m, m, n, &u, &middle.collect::<Vec<_>>());
    assert_near(&product(m, n, n, &us, &vt), a, 1e-12);
}

#[test]
fn eigenvalues_and_vectors() {
    for n in SIZES {
        let a = numbers(n * n, n);
        check_eigh(n, &a);
        check_eigh(n, &vec![0.0; n * n]);
        check_eigh(n, &vec![1.0; n * n]);
        check_eigh(n, &identity(n, n));
        check_eigh(n, &a.iter().map(|a| a * 1e-305).collect::<Vec<_>>());
        check_eigh(n, &a.iter().map(|a| a * 1e306).collect::<Vec<_>>());
    }
}

fn check_eigh(n: usize, a: &[f64]) {
    for upper in [false, true] {
        let mut whole = a.to_vec();
        for i in 0..n {
            for j in 0..n {
                let (low, high) = (i.min(j), i.max(j));
                whole[i * n + j] = if upper { a[low * n + high] } else { a[high * n + low] };
            }
        }
        let (mut w, mut v) = (vec![0.0; n], vec![0.0; n * n]);
        eigh(n, a, upper, &mut w, &mut v).unwrap();
        assert!(w.is_sorted());
        assert_orthonormal_columns(n, n, &v);
        let vw = scaled_columns(n, &v, &w);
        assert_near(&product(n, n, n, &vw, &transposed(n, n, &v)), &whole, 1e-12);
    }
}

#[test]
fn known_values() {
    let (mut w, mut v) = ([0f32; 2], [0f32; 4]);
    eigh(2, &[2.0, 9.0, 1.0, 2.0], false, &mut w, &mut v).unwrap();
    assert_eq!(w, [1.0, 3.0]);
    // The second difference on 50 points.
    let n = 50usize;
    let a = (0..n * n).map(|i| match (i / n).abs_diff(i % n) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    });
    let a = a.collect::<Vec<f64>>();
    let angle = |k: usize| k as f64 * std::f64::consts::PI / (n + 1) as f64;
    let expected = (1..=n).map(|k| 2.0 - 2.0 * angle(k).cos()).collect::<Vec<_>>();
    let mut w = vec![0.0; n];
    let mut v = vec![0.0; n * n];
    eigh(n, &a, false, &mut w, &mut v).unwrap();
    assert_near(&w, &expected, 1e-14);
    svdvals(n, n, &a, &mut w).unwrap();
    w.reverse();
    assert_near(&w, &expected, 1e-14);
}
