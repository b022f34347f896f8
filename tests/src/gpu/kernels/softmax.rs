//! The softmax along rows, its logarithm, and their gradients.

use gpu_kernels::{Float, Ptr, Result};

use super::placed::{Placed, tolerance, wide};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::softmax::random_sizes",
            run: || {
                random_sizes::<f32>();
                random_sizes::<f64>();
            },
        },
        Check {
            name: "kernels::softmax::gradients",
            run: || {
                gradients::<f32>();
                gradients::<f64>();
            },
        },
        Check {
            name: "kernels::softmax::large_and_special_values",
            run: || {
                large_and_special_values::<f32>();
                large_and_special_values::<f64>();
            },
        },
        Check {
            name: "kernels::softmax::more_rows_than_the_grid",
            run: more_rows_than_the_grid,
        },
    ]
}

/// Rows and columns: around the lanes that have a row, around what a warp keeps (512 doubles, 1024 floats), and past that.
pub(super) const SHAPES: [[usize; 2]; 24] = [
    [0, 3],
    [3, 0],
    [1, 1],
    [5, 1],
    [70, 2],
    [33, 3],
    [64, 10],
    [9, 16],
    [17, 17],
    [3, 31],
    [13, 32],
    [2, 33],
    [5, 127],
    [1, 128],
    [4, 257],
    [2, 511],
    [3, 512],
    [2, 513],
    [2, 1009],
    [3, 1024],
    [2, 1025],
    [1, 2049],
    [2, 4099],
    [1, 9001],
];

/// What a launcher makes of rows.
type Launch<T> = unsafe fn(Ptr<T>, Ptr<T>, usize, usize) -> Result<()>;

fn launchers<T: Float>() -> [(&'static str, Launch<T>); 2] {
    // SAFETY: of both, the caller's promise.
    [
        ("softmax", |x, out, rows, cols| unsafe {
            gpu().softmax(x, out, rows, cols)
        }),
        ("log_softmax", |x, out, rows, cols| unsafe {
            gpu().log_softmax(x, out, rows, cols)
        }),
    ]
}

/// The softmax of a row, or its logarithm.
fn naive(row: &[f64], log: bool) -> Vec<f64> {
    let most = row
        .iter()
        .fold(f64::NEG_INFINITY, |a, &b| if a > b || a.is_nan() { a } else { b });
    let sum: f64 = row.iter().map(|x| (x - most).exp()).sum();
    let of = |x: &f64| {
        if log {
            x - most - sum.ln()
        } else {
            (x - most).exp() / sum
        }
    };
    row.iter().map(of).collect()
}

fn random_sizes<T: Float>() {
    let chance = &mut Chance::new(1);
    for [rows, cols] in SHAPES {
        for (log, (name, launch)) in [false, true].into_iter().zip(launchers::<T>()) {
            let data = numbers::<T>(chance, rows * cols);
            let x = Placed::new(&data, chance.below(3));
            let out = Placed::filled_with_nan(rows * cols, chance.below(3));
            // SAFETY: both are of so many rows and columns.
            unsafe { launch(x.ptr(), out.ptr(), rows, cols) }.expect("a launch");
            let expected: Vec<f64> = wide(&data)
                .chunks(cols.max(1))
                .flat_map(|row| naive(row, log))
                .collect();
            let what = format!("{name} of {rows} by {cols}");
            assert_near(&out.read(), &expected, tolerance::<T>(1e-6, 1e-14), &what);
            if !log {
                // Relative to the result: it may be far below 1.
                for (found, expected) in out.read().iter().zip(&expected) {
                    let error = (found.as_f64() / expected - 1.0).abs();
                    assert!(
                        error < tolerance::<T>(2e-6, 1e-14),
                        "{what}: {found:?}, expected {expected}"
                    );
                }
            }
            // SAFETY: as above.
            unsafe { launch(x.ptr(), x.ptr(), rows, cols) }.expect("a launch");
            assert_eq!(x.read(), out.read(), "{what}, in place");
        }
    }
}

fn gradients<T: Float>() {
    let chance = &mut Chance::new(2);
    for [rows, cols] in SHAPES {
        for log in [false, true] {
            let data: Vec<f64> = wide(&numbers::<T>(chance, rows * cols));
            let y: Vec<T> = data
                .chunks(cols.max(1))
                .flat_map(|row| naive(row, log))
                .map(T::from_f64)
                .collect();
            let d = numbers::<T>(chance, rows * cols);
            let (out, d_out) = (Placed::new(&y, chance.below(3)), Placed::new(&d, chance.below(3)));
            let d_x = Placed::filled_with_nan(rows * cols, chance.below(3));
            let launch = |d_x: Ptr<T>| {
                // SAFETY: all are of so many rows and columns.
                let result = unsafe {
                    if log {
                        gpu().log_softmax_backward(out.ptr(), d_out.ptr(), d_x, rows, cols)
                    } else {
                        gpu().softmax_backward(out.ptr(), d_out.ptr(), d_x, rows, cols)
                    }
                };
                result.expect("a launch");
            };
            launch(d_x.ptr());
            let rows_of = |x: &[T]| wide(x).chunks(cols.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
            let row = |(y, d): (Vec<f64>, Vec<f64>)| {
                let of = |(y, d): (&f64, &f64)| if log { *d } else { y * d };
                let sum: f64 = y.iter().zip(&d).map(of).sum();
                let grad = |(y, d): (&f64, &f64)| if log { d - y.exp() * sum } else { y * (d - sum) };
                y.iter().zip(&d).map(grad).collect::<Vec<_>>()
            };
            let expected: Vec<f64> = rows_of(&y).into_iter().zip(rows_of(&d)).flat_map(row).collect();
            let what = format!("{} of {rows} by {cols}", if log { "log_softmax" } else { "softmax" });
            assert_near(&d_x.read(), &expected, tolerance::<T>(1e-5, 1e-13), &what);
            launch(d_out.ptr());
            assert_eq!(d_out.read(), d_x.read(), "{what}, in place");
        }
    }
}

fn large_and_special_values<T: Float>() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for cols in [4, 40, 2000] {
        let far = -inf;
        let mut rows = vec![vec![-inf; cols]; 7];
        rows[0][1] = 3.0;
        rows[0][cols - 1] = 3.0;
        rows[1].fill(1e5);
        rows[2][2] = inf;
        rows[3].fill(0.0);
        rows[3][3] = nan;
        rows[4].fill(far);
        rows[5].fill(-1e30);
        rows[5][0] = 1e30;
        rows[6].fill(1.0);
        rows[6][2] = -inf;
        let data: Vec<T> = rows.iter().flatten().map(|x| T::from_f64(*x)).collect();
        for (log, (name, launch)) in [false, true].into_iter().zip(launchers::<T>()) {
            let (x, out) = (Placed::new(&data, 0), Placed::filled_with_nan(data.len(), 0));
            // SAFETY: both are of so many rows and columns.
            unsafe { launch(x.ptr(), out.ptr(), rows.len(), cols) }.expect("a launch");
            let expected: Vec<f64> = rows
                .iter()
                .map(|row| row.iter().map(|x| T::from_f64(*x).as_f64()).collect::<Vec<_>>())
                .flat_map(|row| naive(&row, log))
                .collect();
            let what = format!("{name} of {cols} columns");
            assert_near(&out.read(), &expected, tolerance::<T>(1e-6, 1e-14), &what);
        }
    }
}

fn more_rows_than_the_grid() {
    // 132 multiprocessors have 2112 blocks, of 128 rows each where a row has two columns.
    let (rows, cols) = (300_001, 2);
    let data: Vec<f32> = (0..rows * cols).map(|i| (i % 7) as f32).collect();
    let (x, out) = (Placed::new(&data, 0), Placed::filled_with_nan(rows * cols, 0));
    // SAFETY: both are of so many rows and columns.
    unsafe { gpu().softmax(x.ptr(), out.ptr(), rows, cols) }.expect("a launch");
    let expected: Vec<f64> = wide(&data).chunks(cols).flat_map(|row| naive(row, false)).collect();
    assert_near(&out.read(), &expected, 1e-6, "many rows");
}
