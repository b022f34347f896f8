//! Triangular factors, and systems solved with them.

use super::*;
use crate::kernels::Real;
use crate::kernels::linalg::cholesky::cholesky;
use crate::kernels::linalg::lu::{det, lu_factor, permutation, slogdet, solve};
use crate::kernels::linalg::matrix::widened;
use crate::kernels::linalg::triangular::{System, solve_triangular};

#[test]
fn lu_gives_the_matrix_back() {
    for (m, n) in shapes() {
        let (a, k) = (numbers(m * n, m + n), m.min(n));
        let (mut factors, mut pivots) = (a.clone(), vec![0; k]);
        lu_factor(m, n, &mut factors, &mut pivots).unwrap();
        let (mut l, mut u) = (identity(m, k), vec![0.0; k * n]);
        for (place, &factor) in factors.iter().enumerate() {
            let (i, j) = (place / n, place % n);
            if j < i {
                l[i * k + j] = factor
            } else {
                u[place] = factor
            }
        }
        assert!(l.iter().all(|l| l.abs() <= 1.0), "the largest element is the pivot");
        let rows = permutation(m, &pivots);
        let expected: Vec<f64> = rows.iter().flat_map(|&row| &a[row * n..][..n]).copied().collect();
        assert_near(&product(m, k, n, &l, &u), &expected, 1e-13);
    }
}

#[test]
fn pivots_are_those_of_lapack() {
    let mut a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0];
    let mut pivots = [0; 3];
    lu_factor(3, 3, &mut a, &mut pivots).unwrap();
    assert_eq!(pivots, [3, 3, 3]);
    let mut singular = [1f32, 2.0, 2.0, 4.0];
    let failure = lu_factor(2, 2, &mut singular, &mut pivots[..2]);
    assert_eq!(failure, Err(Failure::Singular { at: 2 }));
    assert_eq!(singular, [2.0, 4.0, 0.5, 0.0]);
}

fn solves<T: Real>(tolerance: f64) {
    for n in SIZES {
        for k in [0, 1, 3, 40] {
            let narrow = |x: Vec<f64>| x.iter().map(|&x| T::from_f64(x)).collect::<Vec<_>>();
            let (a, b) = (narrow(well(n, n)), narrow(numbers(n * k, k)));
            let mut x = b.clone();
            solve(n, k, &a, &mut x).unwrap();
            assert_near(&product(n, n, k, &widened(&a), &widened(&x)), &widened(&b), tolerance);
        }
        let (a, mut out) = (well(n, n), vec![0.0; n * n]);
        inverse(n, &a, &mut out).unwrap();
        assert_near(&product(n, n, n, &a, &out), &identity(n, n), 1e-12);
    }
}

#[test]
fn solutions_have_no_residual() {
    solves::<f64>(1e-12);
    solves::<f32>(1e-5);
}

#[test]
fn determinants() {
    assert_eq!((det::<f64>(0, &[]), slogdet::<f64>(0, &[])), (1.0, (1.0, 0.0)));
    assert_eq!((det(1, &[-3f32]), slogdet(1, &[-1f32])), (-3.0, (-1.0, 0.0)));
    assert_eq!(det(2, &[0.0, 1.0, 1.0, 0.0]), -1.0);
    assert_eq!(slogdet(2, &[1.0, 2.0, 2.0, 4.0]), (0.0, f64::NEG_INFINITY));
    assert!(det(2, &[f64::NAN; 4]).is_nan() && slogdet(2, &[f64::NAN; 4]).1.is_nan());
    for n in [2, 3, 5, 8, 17, 70] {
        let (a, b) = (numbers(n * n, n), numbers(n * n, n + 1));
        let both = det(n, &product(n, n, n, &a, &b));
        assert!((both / (det(n, &a) * det(n, &b)) - 1.0).abs() < 1e-10);
        let (sign, log) = slogdet(n, &a);
        assert!((sign * log.exp() / det(n, &a) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn triangular_systems() {
    for n in SIZES {
        for k in [0, 1, 5, 40] {
            for bits in 0..16 {
                let flag = |bit: usize| bits >> bit & 1 == 1;
                let [upper, transpose, unit, right] = [flag(0), flag(1), flag(2), flag(3)];
                // A unit triangle of random numbers is as hard as 2 to the power of n.
                let mut a = numbers(n * n, n).iter().map(|a| a / n as f64).collect::<Vec<_>>();
                (0..n).for_each(|i| a[i * n + i] = if unit { f64::NAN } else { 1.5 });
                let mut t = a.clone();
                for i in 0..n {
                    for j in 0..n {
                        if i == j && unit {
                            t[i * n + j] = 1.0;
                        } else if if upper { i > j } else { i < j } {
                            t[i * n + j] = 0.0;
                            a[i * n + j] = f64::NAN;
                        }
                    }
                }
                if transpose {
                    t = transposed(n, n, &t);
                }
                let b = numbers(n * k, k);
                let mut x = b.clone();
                let system = System {
                    upper,
                    transposed: transpose,
                    unit,
                    right,
                };
                solve_triangular(n, k, &a, &mut x, system);
                let again = if right {
                    product(k, n, n, &x, &t)
                } else {
                    product(n, n, k, &t, &x)
                };
                assert_near(&again, &b, 1e-12);
            }
        }
    }
}

#[test]
fn cholesky_gives_the_matrix_back() {
    for n in SIZES {
        let b = well(n, n);
        let a = product(n, n, n, &b, &transposed(n, n, &b));
        let mut l = vec![0.0; n * n];
        cholesky(n, &a, &mut l).unwrap();
        assert!((0..n).all(|i| l[i * n + i + 1..(i + 1) * n].iter().all(|&l| l == 0.0)));
        assert_near(&product(n, n, n, &l, &transposed(n, n, &l)), &a, 1e-13);
    }
    let mut out = [0.0; 4];
    for a in [[1.0, 0.0, 2.0, 4.0], [1.0, 0.0, 2.0, 1.0], [1.0, 0.0, f64::NAN, 1.0]] {
        assert_eq!(
            cholesky(2, &a, &mut out),
            Err(Failure::NotPositiveDefinite { order: 2 })
        );
    }
}
