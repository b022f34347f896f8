//! Losses and their gradients.

use gpu_kernels::{Error, Float};

use super::placed::{Placed, tolerance, wide};
use super::softmax::SHAPES;
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::loss::cross_entropy_of_random_sizes",
            run: || {
                cross_entropy_of_random_sizes::<f32>();
                cross_entropy_of_random_sizes::<f64>();
            },
        },
        Check {
            name: "kernels::loss::cross_entropy_of_many_rows",
            run: cross_entropy_of_many_rows,
        },
        Check {
            name: "kernels::loss::cross_entropy_of_special_values",
            run: cross_entropy_of_special_values,
        },
        Check {
            name: "kernels::loss::labels_that_name_no_class",
            run: labels_that_name_no_class,
        },
        Check {
            name: "kernels::loss::mse_of_random_sizes",
            run: || {
                mse_of_random_sizes::<f32>();
                mse_of_random_sizes::<f64>();
            },
        },
    ]
}

/// The mean loss and its gradient.
fn naive(logits: &[f64], labels: &[i64], classes: usize) -> (f64, Vec<f64>) {
    let (mut loss, mut grad) = (0.0, Vec::new());
    let count = labels.len() as f64;
    for (row, &label) in logits.chunks(classes).zip(labels) {
        let most = row
            .iter()
            .fold(f64::NEG_INFINITY, |a, &b| if a > b || a.is_nan() { a } else { b });
        let sum: f64 = row.iter().map(|x| (x - most).exp()).sum();
        loss += sum.ln() - (row[label as usize] - most);
        let of = |(c, x): (usize, &f64)| ((x - most).exp() / sum - f64::from(u8::from(c == label as usize))) / count;
        grad.extend(row.iter().enumerate().map(of));
    }
    (loss / count, grad)
}

fn check_cross_entropy<T: Float>(chance: &mut Chance, rows: usize, classes: usize) {
    let data = numbers::<T>(chance, rows * classes);
    let chosen: Vec<i64> = (0..rows).map(|_| chance.below(classes) as i64).collect();
    let logits = Placed::new(&data, chance.below(3));
    let labels = Placed::between(&chosen, chance.below(3), -5);
    let run = |wants_grad: bool| {
        let (loss, d) = (
            Placed::filled_with_nan(1, 1),
            Placed::filled_with_nan(rows * classes, 1),
        );
        // SAFETY: all are of so many rows and classes.
        unsafe {
            let d = wants_grad.then(|| d.ptr());
            gpu().cross_entropy(logits.ptr(), labels.ptr(), loss.ptr(), d, rows, classes)
        }
        .expect("a launch");
        (loss.read(), d.read())
    };
    let (loss, d) = run(true);
    let what = format!("{rows} by {classes}");
    if rows == 0 {
        assert!(loss[0].as_f64().is_nan());
        return;
    }
    let (expected, grad) = naive(&wide(&data), &chosen, classes);
    assert_near(&loss, &[expected], tolerance::<T>(1e-6, 1e-14), &what);
    // In units of a row's share.
    let scaled = |x: &[f64]| x.iter().map(|x| x * rows as f64).collect::<Vec<_>>();
    let found: Vec<f64> = scaled(&wide(&d));
    assert_near(&found, &scaled(&grad), tolerance::<T>(1e-6, 1e-14), &what);
    let bits = |x: &[T]| x.iter().map(|x| x.bits()).collect::<Vec<_>>();
    let again = run(true);
    assert_eq!(
        (bits(&loss), bits(&d)),
        (bits(&again.0), bits(&again.1)),
        "{what}: other bits the second time"
    );
    let (alone, untouched) = run(false);
    assert_eq!(bits(&alone), bits(&loss), "{what}: another loss without the gradient");
    assert!(untouched.iter().all(|x| x.as_f64().is_nan()));
}

fn cross_entropy_of_random_sizes<T: Float>() {
    let chance = &mut Chance::new(1);
    for [rows, classes] in SHAPES {
        if classes > 0 {
            check_cross_entropy::<T>(chance, rows, classes);
        }
    }
}

fn cross_entropy_of_many_rows() {
    // More rows than all blocks take at once, by lanes and by blocks.
    for [rows, classes] in [[40_000, 10], [60_003, 3], [1500, 1100]] {
        check_cross_entropy::<f32>(&mut Chance::new(2), rows, classes);
    }
}

fn cross_entropy_of_special_values() {
    for classes in [2, 50, 3000] {
        let loss_of = |row: Vec<f32>, label: i64| {
            let (logits, labels) = (Placed::new(&row, 0), Placed::between(&[label], 0, -5));
            let (loss, d) = (Placed::filled_with_nan(1, 0), Placed::filled_with_nan(classes, 0));
            // SAFETY: one row of so many classes.
            unsafe { gpu().cross_entropy(logits.ptr(), labels.ptr(), loss.ptr(), Some(d.ptr()), 1, classes) }
                .expect("a launch");
            (loss.read()[0], d.read())
        };
        let mut row = vec![-1e30; classes];
        row[1] = 1e30;
        let (loss, d) = loss_of(row.clone(), 1);
        assert_eq!((loss, d), (0.0, vec![0.0; classes]));
        assert_eq!(loss_of(row.clone(), 0).0, 2e30);
        row[1] = f32::NAN;
        assert!(loss_of(row.clone(), 0).0.is_nan());
        row.fill(f32::NEG_INFINITY);
        row[1] = 0.0;
        assert_eq!(loss_of(row.clone(), 1).0, 0.0);
        assert_eq!(loss_of(row, 0).0, f32::INFINITY);
    }
}

fn labels_that_name_no_class() {
    for classes in [1, 10, 40, 5000] {
        for wrong in [-1, classes as i64, i64::MAX, i64::MIN] {
            let (rows, data) = (5, vec![0.5f32; 5 * classes]);
            let logits = Placed::new(&data, 1);
            let labels = Placed::between(&[0, 0, wrong, 0, 0], 1, -5);
            let (loss, d) = (
                Placed::filled_with_nan(1, 1),
                Placed::filled_with_nan(rows * classes, 1),
            );
            // SAFETY: all are of so many rows and classes.
            unsafe { gpu().cross_entropy(logits.ptr(), labels.ptr(), loss.ptr(), Some(d.ptr()), rows, classes) }
                .expect("a launch");
            let fault = Error::BadLabel {
                row: 2,
                label: wrong,
                classes: classes as i64,
            };
            assert_eq!(gpu().synchronize(), Err(fault));
            // It is told once.
            assert_eq!(gpu().synchronize(), Ok(()));
            assert!(loss.read()[0].is_nan());
            let d = d.read();
            let share = 1.0 / rows as f32;
            for (row, d) in d.chunks(classes).enumerate() {
                if row == 2 {
                    assert!(d.iter().all(|d| *d == 0.0));
                } else {
                    assert!((d[0] - (1.0 / classes as f32 - 1.0) * share).abs() < 1e-6);
                }
            }
        }
    }
    // Rows of no classes have no right label.
    let (none, labels) = (Placed::<f32>::new(&[], 0), Placed::between(&[0], 0, -5));
    let loss = Placed::filled_with_nan(1, 0);
    // SAFETY: one row of nothing.
    unsafe { gpu().cross_entropy(none.ptr(), labels.ptr(), loss.ptr(), Some(none.ptr()), 1, 0) }.expect("a launch");
    let fault = Error::BadLabel {
        row: 0,
        label: 0,
        classes: 0,
    };
    assert_eq!(gpu().synchronize(), Err(fault));
    assert!(loss.read()[0].is_nan());
}

fn mse_of_random_sizes<T: Float>() {
    let chance = &mut Chance::new(3);
    for n in [0, 1, 2, 3, 31, 32, 33, 127, 257, 1009, 5000, 70_001] {
        let (a, b) = (numbers::<T>(chance, n), numbers::<T>(chance, n));
        let (x, y) = (Placed::new(&a, chance.below(3)), Placed::new(&b, chance.below(3)));
        let run = |wants_grad: bool| {
            let (loss, d) = (Placed::filled_with_nan(1, 1), Placed::filled_with_nan(n, 2));
            // SAFETY: all are of so many elements.
            unsafe { gpu().mse(x.ptr(), y.ptr(), loss.ptr(), wants_grad.then(|| d.ptr()), n) }.expect("a launch");
            (loss.read(), d.read())
        };
        let (loss, d) = run(true);
        let differences: Vec<f64> = wide(&a).iter().zip(wide(&b)).map(|(a, b)| a - b).collect();
        let expected = differences.iter().map(|x| x * x).sum::<f64>() / n as f64;
        let what = format!("{n} elements");
        assert_near(&loss, &[expected], tolerance::<T>(2e-7, 1e-14), &what);
        let grad: Vec<f64> = differences.iter().map(|x| 2.0 * x / n as f64).collect();
        assert_near(&d, &grad, tolerance::<T>(1e-6, 1e-14), &what);
        let (alone, untouched) = run(false);
        assert_eq!(alone[0].bits(), loss[0].bits());
        assert!(untouched.iter().all(|x| x.as_f64().is_nan()));
    }
}
