//! Layer normalisation along rows, and its gradients.

use gpu_kernels::{Float, LayerNormGrads};

use super::placed::{Placed, tolerance, wide};
use super::softmax::SHAPES;
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::layer_norm::random_sizes",
            run: || {
                random_sizes::<f32>();
                random_sizes::<f64>();
            },
        },
        Check {
            name: "kernels::layer_norm::gradients",
            run: || {
                gradients::<f32>();
                gradients::<f64>();
            },
        },
        Check {
            name: "kernels::layer_norm::far_from_zero",
            run: far_from_zero,
        },
        Check {
            name: "kernels::layer_norm::rows_of_nothing",
            run: rows_of_nothing,
        },
    ]
}

/// Mean and reciprocal deviation of a row.
fn stats(row: &[f64], eps: f64) -> [f64; 2] {
    let count = row.len() as f64;
    let mean = row.iter().sum::<f64>() / count;
    let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    [mean, 1.0 / (variance + eps).sqrt()]
}

fn random_sizes<T: Float>() {
    let chance = &mut Chance::new(1);
    for [rows, cols] in SHAPES {
        let data = numbers::<T>(chance, rows * cols);
        let (weights, biases) = (numbers::<T>(chance, cols), numbers::<T>(chance, cols));
        let x = Placed::new(&data, chance.below(3));
        let (weight, bias) = (
            Placed::new(&weights, chance.below(3)),
            Placed::new(&biases, chance.below(3)),
        );
        let out = Placed::filled_with_nan(rows * cols, chance.below(3));
        let kept = Placed::filled_with_nan(2 * rows, chance.below(3));
        let wanted = chance.once_in(2);
        // SAFETY: all are of so many rows and columns.
        unsafe {
            let stats = wanted.then(|| kept.ptr());
            gpu().layer_norm(x.ptr(), weight.ptr(), bias.ptr(), 1e-2, stats, out.ptr(), rows, cols)
        }
        .expect("a launch");
        let (weights, biases) = (wide(&weights), wide(&biases));
        let data = wide(&data);
        let (mut expected, mut expected_stats) = (Vec::new(), Vec::new());
        for row in 0..rows {
            let row = &data[row * cols..(row + 1) * cols];
            let [mean, rstd] = stats(row, 1e-2);
            expected_stats.extend([mean, rstd]);
            expected.extend((0..cols).map(|col| (row[col] - mean) * rstd * weights[col] + biases[col]));
        }
        let what = format!("{rows} by {cols}");
        assert_near(&out.read(), &expected, tolerance::<T>(2e-5, 1e-13), &what);
        if wanted {
            assert_near(&kept.read(), &expected_stats, tolerance::<T>(2e-5, 1e-13), &what);
        }
    }
}

fn gradients<T: Float>() {
    let chance = &mut Chance::new(2);
    let long = [[700, 40], [3000, 3], [5000, 33]];
    for [rows, cols] in SHAPES.into_iter().chain(long) {
        let (data, d) = (numbers::<T>(chance, rows * cols), numbers::<T>(chance, rows * cols));
        let (weights, before) = (numbers::<T>(chance, cols), numbers::<T>(chance, cols));
        let found: Vec<T> = wide(&data)
            .chunks(cols.max(1))
            .flat_map(|row| stats(row, 1e-2))
            .chain(vec![0.0; if cols == 0 { 2 * rows } else { 0 }])
            .map(T::from_f64)
            .collect();
        let (x, d_out) = (Placed::new(&data, chance.below(3)), Placed::new(&d, chance.below(3)));
        let (weight, kept) = (Placed::new(&weights, chance.below(3)), Placed::new(&found, 0));
        let (wants_x, accumulate) = (chance.below(4) > 0, chance.once_in(2));
        let run = || {
            let d_x = Placed::filled_with_nan(rows * cols, 1);
            let d_weight = Placed::new(&before, 1);
            let d_bias = Placed::new(&before, 1);
            let grads = LayerNormGrads {
                d_x: wants_x.then(|| d_x.ptr()),
                d_weight: Some((d_weight.ptr(), accumulate)),
                d_bias: Some((d_bias.ptr(), !accumulate)),
            };
            // SAFETY: all are of so many rows and columns.
            unsafe {
                let (weight, kept) = (weight.ptr(), kept.ptr());
                gpu().layer_norm_backward(x.ptr(), weight, kept, d_out.ptr(), grads, rows, cols)
            }
            .expect("a launch");
            [d_x.read(), d_weight.read(), d_bias.read()]
        };
        let [d_x, d_weight, d_bias] = run();

        let (data, d, weights, before, found) = (wide(&data), wide(&d), wide(&weights), wide(&before), wide(&found));
        let h = |row: usize, col: usize| (data[row * cols + col] - found[2 * row]) * found[2 * row + 1];
        let g = |row: usize, col: usize| d[row * cols + col] * weights[col];
        let mean = |f: &dyn Fn(usize) -> f64| (0..cols).map(f).sum::<f64>() / cols as f64;
        let what = format!("{rows} by {cols}");
        if wants_x {
            let mut expected = Vec::new();
            for row in 0..rows {
                let (mean_g, mean_gh) = (mean(&|col| g(row, col)), mean(&|col| g(row, col) * h(row, col)));
                expected
                    .extend((0..cols).map(|col| found[2 * row + 1] * (g(row, col) - mean_g - h(row, col) * mean_gh)));
            }
            assert_near(&d_x, &expected, tolerance::<T>(5e-5, 1e-12), &what);
        }
        let sum = |col: usize, of: &dyn Fn(usize) -> f64, accumulate: bool| {
            (0..rows).map(of).sum::<f64>() + if accumulate { before[col] } else { 0.0 }
        };
        let expected: Vec<f64> = (0..cols)
            .map(|col| sum(col, &|row| d[row * cols + col] * h(row, col), accumulate))
            .collect();
        assert_near(&d_weight, &expected, tolerance::<T>(2e-5, 1e-12), &what);
        let expected: Vec<f64> = (0..cols)
            .map(|col| sum(col, &|row| d[row * cols + col], !accumulate))
            .collect();
        assert_near(&d_bias, &expected, tolerance::<T>(2e-6, 1e-12), &what);
        let bits = |x: [Vec<T>; 3]| x.concat().iter().map(|x| x.bits()).collect::<Vec<_>>();
        assert_eq!(
            bits([d_x, d_weight, d_bias]),
            bits(run()),
            "{what}: other bits the second time"
        );
    }
}

/// The variance is taken from differences: the mean may be large.
fn far_from_zero() {
    for cols in [10, 100, 3000] {
        let data: Vec<f32> = (0..cols).map(|i| 10_000.0 + (i % 2) as f32).collect();
        let (ones, zeros) = (Placed::new(&vec![1f32; cols], 0), Placed::new(&vec![0f32; cols], 0));
        let (x, out) = (Placed::new(&data, 0), Placed::filled_with_nan(cols, 0));
        // SAFETY: all are of so many columns.
        unsafe { gpu().layer_norm(x.ptr(), ones.ptr(), zeros.ptr(), 0.0, None, out.ptr(), 1, cols) }.expect("a launch");
        for (i, out) in out.read().into_iter().enumerate() {
            let expected = if i % 2 == 1 { 1.0 } else { -1.0 };
            assert!(
                (out - expected).abs() < 0.01,
                "{cols} columns: {out}, expected {expected}"
            );
        }
    }
}

fn rows_of_nothing() {
    let none = Placed::<f32>::new(&[], 0);
    let stats = Placed::<f32>::new(&[1.0; 6], 0);
    // SAFETY: three rows of no columns.
    unsafe {
        gpu().layer_norm(
            none.ptr(),
            none.ptr(),
            none.ptr(),
            1e-5,
            Some(stats.ptr()),
            none.ptr(),
            3,
            0,
        )
    }
    .expect("a launch");
    assert!(stats.read().into_iter().all(f32::is_nan));

    let (before, nothing) = (vec![2f32; 5], Placed::<f32>::new(&[], 0));
    let (kept, replaced) = (Placed::new(&before, 0), Placed::new(&before, 0));
    let grads = LayerNormGrads {
        d_x: Some(nothing.ptr()),
        d_weight: Some((kept.ptr(), true)),
        d_bias: Some((replaced.ptr(), false)),
    };
    // SAFETY: no rows of five columns.
    unsafe {
        let none = nothing.ptr();
        gpu().layer_norm_backward(none, kept.ptr(), none, none, grads, 0, 5)
    }
    .expect("a launch");
    assert_eq!((kept.read(), replaced.read()), (before, vec![0.0; 5]));
}
