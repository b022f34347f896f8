use std::f64::consts::TAU;

use super::{fft, irfft, rfft};
use crate::kernels::Real;

const LENGTHS: [usize; 13] = [1, 2, 3, 4, 5, 6, 8, 17, 30, 64, 97, 100, 211];

fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..count).map(next).collect()
}

/// The definition, on one row of pairs.
fn naive(x: &[f64], inverse: bool) -> Vec<f64> {
    let n = x.len() / 2;
    let sign = if inverse { 1.0 } else { -1.0 };
    let mut out = Vec::new();
    for k in 0..n {
        let (mut re, mut im) = (0.0, 0.0);
        for j in 0..n {
            let (sin, cos) = (sign * TAU * ((j * k) % n) as f64 / n as f64).sin_cos();
            re += x[2 * j] * cos - x[2 * j + 1] * sin;
            im += x[2 * j] * sin + x[2 * j + 1] * cos;
        }
        out.extend([re, im]);
    }
    out
}

fn narrowed<T: Real>(x: &[f64]) -> Vec<T> {
    x.iter().map(|&x| T::from_f64(x)).collect()
}

fn assert_close<T: Real>(got: &[T], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    let scale = expected.iter().fold(1f64, |scale, x| scale.max(x.abs()));
    for (got, expected) in got.iter().zip(expected) {
        let error = (got.to_f64() - expected).abs() / scale;
        assert!(error < 16.0 * T::EPSILON.to_f64(), "{got} is not {expected}");
    }
}

fn complex<T: Real>() {
    for n in LENGTHS {
        for (rows, inverse) in [(0, false), (1, false), (3, true), (700, false)] {
            let x = numbers(2 * rows * n, n as u64);
            let mut data = narrowed::<T>(&x);
            fft(rows, n, &mut data, inverse, 0.5);
            let checked = rows.min(5);
            for row in (0..checked).chain(rows - checked..rows) {
                let row = 2 * row * n..2 * (row + 1) * n;
                let expected = naive(&x[row.clone()], inverse);
                let halves = expected.iter().map(|x| 0.5 * x).collect::<Vec<_>>();
                assert_close(&data[row], &halves);
            }
        }
    }
}

fn real<T: Real>() {
    for n in LENGTHS {
        let (rows, half) = (4, n / 2 + 1);
        let x = numbers(rows * n, n as u64);
        let mut spectrum = vec![T::ZERO; 2 * rows * half];
        rfft(rows, n, &narrowed::<T>(&x), &mut spectrum, 1.0);
        for row in 0..rows {
            let pairs = x[row * n..(row + 1) * n].iter().flat_map(|&x| [x, 0.0]);
            let expected = naive(&pairs.collect::<Vec<_>>(), false);
            assert_close(&spectrum[2 * row * half..2 * (row + 1) * half], &expected[..2 * half]);
            // Not read.
            spectrum[2 * row * half + 1] = T::NAN;
            if n.is_multiple_of(2) {
                spectrum[2 * (row + 1) * half - 1] = T::NAN;
            }
        }
        let mut back = vec![T::ZERO; rows * n];
        irfft(rows, n, &spectrum, &mut back, 1.0 / n as f64);
        assert_close(&back, &x);
    }
}

#[test]
fn complex_as_defined() {
    complex::<f32>();
    complex::<f64>();
}

#[test]
fn real_as_defined_and_back() {
    real::<f32>();
    real::<f64>();
}

#[test]
#[should_panic = "a transform of length 0"]
fn length_zero_is_the_callers_to_refuse() {
    fft::<f32>(0, 0, &mut [], false, 1.0);
}
