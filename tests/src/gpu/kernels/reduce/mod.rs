//! Reductions over any axes of any view.

mod view;

use gpu_kernels::{Error, Extreme, Float, Reduce, Strided};

use self::view::{ALL, View};
use super::placed::{Placed, tolerance, wide};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::reduce::any_axes_of_any_view",
            run: || {
                any_axes_of_any_view::<f32>();
                any_axes_of_any_view::<f64>();
            },
        },
        Check {
            name: "kernels::reduce::large_views",
            run: || {
                large_views::<f32>();
                large_views::<f64>();
            },
        },
        Check {
            name: "kernels::reduce::sums_are_rounded_once",
            run: sums_are_rounded_once,
        },
        Check {
            name: "kernels::reduce::special_values",
            run: || {
                special_values::<f32>();
                special_values::<f64>();
            },
        },
        Check {
            name: "kernels::reduce::of_nothing",
            run: of_nothing,
        },
        Check {
            name: "kernels::reduce::too_many_axes_are_refused",
            run: too_many_axes_are_refused,
        },
        Check {
            name: "kernels::reduce::sums_of_rows",
            run: || {
                sums_of_rows::<f32>();
                sums_of_rows::<f64>();
            },
        },
        Check {
            name: "kernels::reduce::first_of_the_largest",
            run: || {
                first_of_the_largest::<f32>();
                first_of_the_largest::<f64>();
            },
        },
        Check {
            name: "kernels::reduce::sums_of_squares",
            run: || {
                sums_of_squares::<f32>();
                sums_of_squares::<f64>();
            },
        },
    ]
}

fn any_axes_of_any_view<T: Float>() {
    let chance = &mut Chance::new(1);
    for round in 0..400 {
        let rank = chance.below(6);
        let sizes: Vec<usize> = match round % 3 {
            0 => chance.sizes(rank),
            1 => (0..rank.min(3)).map(|_| *chance.one_of(&[1, 2, 16, 31, 33])).collect(),
            _ => (0..rank.min(2))
                .map(|_| *chance.one_of(&[1, 4, 17, 128, 257]))
                .collect(),
        };
        let view = View::random(chance, &sizes);
        let reduced: Vec<bool> = sizes.iter().map(|_| chance.once_in(2)).collect();
        view.check::<T>(chance, ALL[round % 5], &reduced);
    }
}

fn large_views<T: Float>() {
    let chance = &mut Chance::new(2);
    let shapes: [(&[usize], &[bool]); 12] = [
        (&[60_000], &[true]),
        (&[3, 20_000], &[false, true]),
        (&[300, 1000], &[true, false]),
        (&[300, 1030], &[false, true]),
        (&[5000, 40], &[true, false]),
        (&[200, 300], &[true, true]),
        (&[70, 50, 30], &[true, false, true]),
        (&[70, 50, 30], &[false, true, false]),
        (&[20_000, 3], &[true, false]),
        (&[4, 700, 64], &[true, true, false]),
        (&[2, 3000, 5], &[false, true, false]),
        (&[40_000, 2], &[false, true]),
    ];
    for (sizes, reduced) in shapes {
        for op in [*chance.one_of(&ALL), Reduce::Sum] {
            View::contiguous(sizes).check::<T>(chance, op, reduced);
        }
    }
    // The same, the axes stored the other way round.
    for (sizes, reduced) in shapes {
        let mut view = View::contiguous(sizes);
        let stored: Vec<usize> = sizes.iter().rev().copied().collect();
        view.strides = View::contiguous(&stored).strides.into_iter().rev().collect();
        view.check::<T>(chance, *chance.clone().one_of(&ALL), reduced);
    }
}

fn sum<T: Float>(x: &[T]) -> T {
    let (x, out) = (Placed::new(x, 0), Placed::filled_with_nan(1, 0));
    let view = Strided {
        ptr: x.ptr(),
        strides: &[1],
    };
    let len = x.read().len();
    // SAFETY: the view is of so many elements.
    unsafe { gpu().reduce(Reduce::Sum, &[len], view, &[true], out.ptr(), false) }.expect("a launch");
    out.read()[0]
}

fn sums_are_rounded_once() {
    let len = 200_003;
    assert_eq!(sum(&vec![1f32; len]), len as f32);
    assert_eq!(sum(&vec![0.1f32; len]), (f64::from(0.1f32) * len as f64) as f32);
    assert_eq!(sum(&[1e30f32, 1.0, -1e30, 3e38, 3e38, -3e38, -3e38]), 0.0);
}

fn special_values<T: Float>() {
    let nan = f64::NAN;
    for len in [5, 40, 3000, 20_000] {
        for at in [0, len / 2, len - 1] {
            let mut x = vec![1.0; len];
            x[at] = nan;
            let of = |x: &[f64], op: Reduce| {
                let data: Vec<T> = x.iter().map(|x| T::from_f64(*x)).collect();
                let (x, out) = (Placed::new(&data, 0), Placed::filled_with_nan(1, 0));
                let view = Strided {
                    ptr: x.ptr(),
                    strides: &[1],
                };
                // SAFETY: the view is of so many elements.
                unsafe { gpu().reduce(op, &[len], view, &[true], out.ptr(), false) }.expect("a launch");
                out.read()[0].as_f64()
            };
            for op in ALL {
                assert!(of(&x, op).is_nan(), "{op:?} with a NaN at {at} of {len}");
            }
            x[at] = f64::INFINITY;
            assert_eq!((of(&x, Reduce::Max), of(&x, Reduce::Min)), (f64::INFINITY, 1.0));
            assert_eq!(
                (of(&x, Reduce::Sum), of(&x, Reduce::Prod)),
                (f64::INFINITY, f64::INFINITY)
            );
            x[at] = -2.0;
            assert_eq!((of(&x, Reduce::Max), of(&x, Reduce::Min)), (1.0, -2.0));
            assert_eq!(of(&x, Reduce::Prod), -2.0);
            x.fill(f64::NEG_INFINITY);
            assert_eq!(of(&x, Reduce::Max), f64::NEG_INFINITY);
        }
    }
}

fn of_nothing() {
    let empty = Placed::<f32>::new(&[], 0);
    for (op, expected) in ALL
        .into_iter()
        .zip([0.0, f32::NAN, f32::NEG_INFINITY, f32::INFINITY, 1.0])
    {
        for (sizes, reduced) in [
            (vec![3, 0], vec![false, true]),
            (vec![0, 3, 2], vec![true, false, true]),
        ] {
            for before in [None, Some(2.0)] {
                let out = Placed::new(&[before.unwrap_or(f32::NAN); 3], 1);
                let strides = vec![1; sizes.len()];
                let view = Strided {
                    ptr: empty.ptr(),
                    strides: &strides,
                };
                // SAFETY: the view is of nothing.
                unsafe { gpu().reduce(op, &sizes, view, &reduced, out.ptr(), before.is_some()) }.expect("a launch");
                let expected = f64::from(expected + before.unwrap_or(0.0));
                assert_near(&out.read(), &[expected; 3], 0.0, &format!("{op:?} of nothing"));
            }
        }
        let out = Placed::<f32>::new(&[], 0);
        let view = Strided {
            ptr: empty.ptr(),
            strides: &[3, 1],
        };
        // SAFETY: neither the view nor the result has an element.
        unsafe { gpu().reduce(op, &[0, 3], view, &[false, true], out.ptr(), false) }.expect("nothing to launch");
    }
}

fn too_many_axes_are_refused() {
    // Every second axis is reduced, so none can be joined.
    let sizes = [2; 18];
    let strides: Vec<isize> = (0..18).map(|axis| axis / 2 % 2).collect();
    let reduced: Vec<bool> = (0..18).map(|axis| axis % 2 == 0).collect();
    let (x, out) = (Placed::new(&[1f32; 100], 0), Placed::filled_with_nan(512, 0));
    let view = Strided {
        ptr: x.ptr(),
        strides: &strides,
    };
    // SAFETY: nothing is launched.
    let refused = unsafe { gpu().reduce(Reduce::Sum, &sizes, view, &reduced, out.ptr(), false) };
    assert!(matches!(refused, Err(Error::TooManyAxes { .. })), "{refused:?}");
}

fn sums_of_rows<T: Float>() {
    let chance = &mut Chance::new(3);
    let shapes = [
        [0, 3],
        [1, 1],
        [1, 33],
        [3, 0],
        [64, 10],
        [64, 128],
        [65, 129],
        [1009, 7],
        [300, 70],
        [4000, 33],
    ];
    for [rows, cols] in shapes {
        for accumulate in [false, true] {
            let data = numbers::<T>(chance, rows * cols);
            let before = numbers::<T>(chance, cols);
            let (x, out) = (Placed::new(&data, 1), Placed::new(&before, 1));
            // SAFETY: both are of so many rows and columns.
            unsafe { gpu().sum_rows(x.ptr(), out.ptr(), rows, cols, accumulate) }.expect("a launch");
            let sum = |col: usize| (0..rows).map(|row| data[row * cols + col].as_f64()).sum::<f64>();
            let add = |col: usize| if accumulate { before[col].as_f64() } else { 0.0 };
            let expected: Vec<f64> = (0..cols).map(|col| sum(col) + add(col)).collect();
            assert_near(
                &out.read(),
                &expected,
                tolerance::<T>(2e-7, 1e-14),
                &format!("{rows} by {cols}"),
            );
        }
    }
}

fn first_of_the_largest<T: Float>() {
    let chance = &mut Chance::new(4);
    for [rows, cols] in super::softmax::SHAPES.into_iter().chain([[2000, 10], [20_000, 2]]) {
        if cols == 0 {
            continue;
        }
        // Few different values, so that there are several largest.
        let mut data: Vec<f64> = wide(&numbers::<T>(chance, rows * cols))
            .iter()
            .map(|x| x.round())
            .collect();
        for _ in 0..rows / 3 {
            let at = chance.below(data.len());
            data[at] = *chance.one_of(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
        }
        if rows > 2 {
            data[cols..2 * cols].fill(f64::NEG_INFINITY);
            data[2 * cols..3 * cols].fill(f64::NAN);
        }
        let elements: Vec<T> = data.iter().map(|x| T::from_f64(*x)).collect();
        let x = Placed::new(&elements, chance.below(3));
        for extreme in [Extreme::Max, Extreme::Min] {
            let out = Placed::between(&vec![-1; rows], 1, -7);
            // SAFETY: both are of so many rows.
            unsafe { gpu().arg_reduce(extreme, x.ptr(), out.ptr(), rows, cols) }.expect("a launch");
            for (row, found) in data.chunks(cols).zip(out.read()) {
                let better = |a: f64, b: f64| match extreme {
                    Extreme::Max => a > b,
                    Extreme::Min => a < b,
                };
                let mut best = 0;
                for (i, &x) in row.iter().enumerate() {
                    if !row[best].is_nan() && (x.is_nan() || better(x, row[best])) {
                        best = i;
                    }
                }
                assert_eq!(found, best as i64, "{extreme:?} of {rows} by {cols}");
            }
        }
    }
}

fn sums_of_squares<T: Float>() {
    let chance = &mut Chance::new(5);
    for n in [0, 1, 31, 257, 1009, 100_003] {
        let data = numbers::<T>(chance, n);
        let x = Placed::new(&data, chance.below(3));
        // SAFETY: it is of so many elements.
        let found = unsafe { gpu().sum_of_squares(x.ptr(), n) }.expect("a wait");
        let expected: f64 = wide(&data).iter().map(|x| x * x).sum();
        assert!(
            (found - expected).abs() <= 1e-14 * expected,
            "{n}: {found}, expected {expected}"
        );
    }
    let x = Placed::new(&[T::from_f64(1.0), T::from_f64(f64::NAN)], 0);
    // SAFETY: it is of two elements.
    assert!(unsafe { gpu().sum_of_squares(x.ptr(), 2) }.expect("a wait").is_nan());
}
