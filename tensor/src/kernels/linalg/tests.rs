use super::Failure;
use super::cholesky::cholesky;
use super::eigh::eigh;
use super::exponential::matrix_exp;
use super::lstsq::{lstsq, lstsq_full_rank};
use super::lu::{det, inverse, lu_factor, permutation, slogdet, solve};
use super::matrix::{identity, product, transposed, widened};
use super::qr::{qr, qr_complete};
use super::svd::{svd, svd_full, svdvals};
use super::triangular::{System, solve_triangular};
use crate::kernels::Real;

const SIZES: [usize; 10] = [0, 1, 2, 3, 5, 8, 17, 33, 70, 200];

fn numbers(count: usize, seed: usize) -> Vec<f64> {
    let mut state = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..count).map(next).collect()
}

fn shapes() -> impl Iterator<Item = (usize, usize)> {
    let small = SIZES
        .iter()
        .take(8)
        .flat_map(|&m| SIZES.iter().take(8).map(move |&n| (m, n)));
    small.chain([(70, 70), (200, 200), (200, 33), (33, 200)])
}

/// A matrix that no factorization finds hard.
fn well(n: usize, seed: usize) -> Vec<f64> {
    let mut a = numbers(n * n, seed);
    for i in 0..n {
        a[i * n + i] += 4.0f64.copysign(a[i * n + i]) * (n as f64).sqrt();
    }
    a
}

fn largest(a: &[f64]) -> f64 {
    a.iter().fold(0f64, |largest, a| largest.max(a.abs()))
}

fn assert_near(got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    let scale = largest(expected).max(f64::MIN_POSITIVE);
    for (got, expected) in got.iter().zip(expected) {
        let error = (got - expected).abs() / scale;
        assert!(error <= tolerance, "{got} is not {expected}: off by {error:e}");
    }
}

fn assert_orthonormal_columns(m: usize, n: usize, q: &[f64]) {
    let expected = identity(n, n);
    for (got, expected) in product(n, m, n, &transposed(m, n, q), q).iter().zip(expected) {
        assert!((got - expected).abs() < 1e-13);
    }
}

fn scaled_columns(n: usize, a: &[f64], s: &[f64]) -> Vec<f64> {
    a.iter().enumerate().map(|(i, a)| a * s[i % n]).collect()
}

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

#[test]
fn nan_is_refused_or_handed_on() {
    for bad in [f64::NAN, f64::INFINITY] {
        for n in [1, 2, 5] {
            let mut a = numbers(n * n, n);
            a[n * n - 1] = bad;
            let (mut w, mut v, mut u) = (vec![0.0; n], vec![0.0; n * n], vec![0.0; n * n]);
            assert_eq!(eigh(n, &a, false, &mut w, &mut v), Err(Failure::NotFinite));
            assert_eq!(svd(n, n, &a, &mut u, &mut w, &mut v), Err(Failure::NotFinite));
            let failure = lstsq(n, n, 1, &a, &vec![1.0; n], 0.0, &mut w.clone(), &mut w);
            assert_eq!(failure, Err(Failure::NotFinite));
            qr(n, n, &a, &mut u, &mut v);
            assert!(u.iter().chain(&v).any(|x| !x.is_finite()));
        }
    }
    let mut out = [0.0; 4];
    inverse(2, &[f64::NAN; 4], &mut out).unwrap();
    assert!(out.iter().all(|x| x.is_nan()));
}
