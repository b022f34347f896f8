//! Factorizations held against what they are made of.

mod exponential;
mod orthogonal;
mod spectra;
mod systems;

use super::Failure;
use super::eigh::eigh;
use super::lstsq::lstsq;
use super::lu::inverse;
use super::matrix::{identity, product, transposed};
use super::qr::qr;
use super::svd::svd;

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
