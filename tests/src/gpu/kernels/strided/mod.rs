//! Operations over strided views.

mod convert;

use gpu_kernels::{Binary, Element, Error, Float, Strided};

use super::placed::{self, Placed, tolerance};
use super::view::{View, contiguous, indices, sizes};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::strided::binary_of_random_views",
            run: || {
                binary_of_random_views::<f32>();
                binary_of_random_views::<f64>();
            },
        },
        Check {
            name: "kernels::strided::binary_of_special_values",
            run: binary_of_special_values,
        },
        Check {
            name: "kernels::strided::binary_in_place",
            run: binary_in_place,
        },
        Check {
            name: "kernels::strided::copies_of_random_views",
            run: || {
                copies_of_random_views(|number| number as f32 / 4.0);
                copies_of_random_views(|number| -f64::from(number as u32));
                copies_of_random_views(|number| i64::MAX - number as i64);
            },
        },
        Check {
            name: "kernels::strided::transposes",
            run: || {
                transposes(|number| number as f32);
                transposes(|number| (number as i64) << 32);
            },
        },
        Check {
            name: "kernels::strided::fills_of_random_views",
            run: || {
                fills_of_random_views(-0.5f32, 1.0);
                fills_of_random_views(f64::MAX, 1.0);
                fills_of_random_views(i64::MIN, 1);
            },
        },
        Check {
            name: "kernels::strided::conversions",
            run: convert::conversions,
        },
        Check {
            name: "kernels::strided::too_many_axes_are_refused",
            run: too_many_axes_are_refused,
        },
        Check {
            name: "kernels::strided::more_than_the_grid",
            run: more_than_the_grid,
        },
    ]
}

fn binary(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => a.powf(b),
        Binary::Maximum if a.is_nan() || a > b => a,
        Binary::Minimum if a.is_nan() || a < b => a,
        Binary::Maximum | Binary::Minimum => b,
    }
}

fn binary_of_random_views<T: Float>() {
    let mut chance = Chance::new(31);
    for round in 0..280 {
        let op = Binary::ALL[round % 7];
        let sizes = sizes(&mut chance);
        let views = [(); 2].map(|()| View::random(&mut chance, &sizes, true));
        let mut data: [Vec<T>; 2] = [0, 1].map(|operand| numbers(&mut chance, views[operand].len));
        if op == Binary::Pow {
            data[0]
                .iter_mut()
                .for_each(|x| *x = T::from_f64(x.as_f64().abs() + 0.0625));
        }
        let memory = [0, 1].map(|operand| Placed::new(&data[operand], chance.below(4)));
        let out = Placed::filled_with_nan(sizes.iter().product(), chance.below(4));
        let [a, b] = [0, 1].map(|operand| views[operand].of(&memory[operand]));
        // SAFETY: the views lie in their memory.
        unsafe { gpu().binary(op, &sizes, a, b, out.ptr()) }.expect("a launch");
        let value = |operand: usize, index: &[usize]| data[operand][views[operand].at(index)].as_f64();
        let expected = |index: &Vec<usize>| binary(op, value(0, index), value(1, index));
        let expected: Vec<f64> = indices(&sizes).iter().map(expected).collect();
        let what = format!("{op:?} of {sizes:?}, {views:?}");
        assert_near(&out.read(), &expected, tolerance::<T>(1e-6, 1e-14), &what);
    }
}

fn binary_of_special_values() {
    let values = [0.0, -0.0, 1.0, -2.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let x = Placed::new(&values, 0);
    let sizes = [values.len(), values.len()];
    for op in Binary::ALL {
        let out = Placed::<f64>::filled_with_nan(49, 0);
        let (ptr, down, along) = (x.ptr(), [1, 0], [0, 1]);
        let [a, b] = [&down, &along].map(|strides| Strided { ptr, strides });
        // SAFETY: the views lie in their memory.
        unsafe { gpu().binary(op, &sizes, a, b, out.ptr()) }.expect("a launch");
        let out = out.read();
        for (a, row) in values.iter().zip(out.chunks(values.len())) {
            for (b, out) in values.iter().zip(row) {
                let expected = binary(op, *a, *b);
                let same = *out == expected || (out.is_nan() && expected.is_nan());
                assert!(same, "{a} {op:?} {b} is {out}, expected {expected}");
            }
        }
    }
}

fn binary_in_place() {
    let sizes = [5, 12];
    let a = Placed::new(&[1f32; 60], 0);
    let b = Placed::new(&(0..12).map(|i| i as f32).collect::<Vec<_>>(), 0);
    let (of_a, of_b) = (
        Strided {
            ptr: a.ptr(),
            strides: &[12, 1],
        },
        Strided {
            ptr: b.ptr(),
            strides: &[0, 1],
        },
    );
    // SAFETY: the views lie in their memory.
    unsafe { gpu().binary(Binary::Add, &sizes, of_a, of_b, a.ptr()) }.expect("a launch");
    let expected: Vec<f32> = (0..60).map(|i| (i % 12 + 1) as f32).collect();
    assert_eq!(a.read(), expected);
}

/// Copies view to view and checks every element, and those between.
#[track_caller]
fn check_copy<T: Element>(sizes: &[usize], from: &View, to: &View, shifts: [usize; 2], element: fn(usize) -> T) {
    let data: Vec<T> = (0..from.len).map(element).collect();
    let before = vec![element(1 << 20); to.len];
    let x = Placed::between(&data, shifts[0], element(1 << 21));
    let out = Placed::between(&before, shifts[1], element(1 << 21));
    // SAFETY: the views lie in their memory.
    unsafe { gpu().copy(sizes, from.of(&x), to.of(&out)) }.expect("a launch");
    let mut expected = before;
    for index in indices(sizes) {
        expected[to.at(&index)] = data[from.at(&index)];
    }
    assert_eq!(out.read(), expected, "{sizes:?}, {from:?} to {to:?}");
}

fn copies_of_random_views<T: Element>(element: fn(usize) -> T) {
    let mut chance = Chance::new(32);
    for _ in 0..150 {
        let sizes = sizes(&mut chance);
        let from = View::random(&mut chance, &sizes, true);
        let to = View::random(&mut chance, &sizes, false);
        check_copy(&sizes, &from, &to, [chance.below(4), chance.below(4)], element);
    }
}

fn transposes<T: Element>(element: fn(usize) -> T) {
    for sizes in [
        vec![8, 8],
        vec![32, 32],
        vec![70, 33],
        vec![33, 130],
        vec![7, 300],
        vec![3, 40, 50],
        vec![2, 9, 3, 10],
    ] {
        let to = View {
            strides: contiguous(&sizes),
            first: 0,
            len: sizes.iter().product(),
        };
        // Every order of the axes, by turning them around.
        for turn in 0..sizes.len() {
            let order: Vec<usize> = (0..sizes.len()).rev().map(|axis| (axis + turn) % sizes.len()).collect();
            let mut strides = vec![0; sizes.len()];
            let mut step = 1;
            for &axis in &order {
                strides[axis] = step;
                step *= sizes[axis] as isize;
            }
            let from = View {
                strides,
                first: 0,
                len: to.len,
            };
            check_copy(&sizes, &from, &to, [0, turn], element);
            check_copy(&sizes, &to, &from, [turn, 0], element);
        }
    }
}

fn fills_of_random_views<T: Element>(value: T, before: T) {
    let mut chance = Chance::new(33);
    for _ in 0..100 {
        let sizes = sizes(&mut chance);
        let view = View::random(&mut chance, &sizes, false);
        let mut expected = vec![before; view.len];
        let out = Placed::between(&expected, chance.below(4), before);
        // SAFETY: the view lies in its memory.
        unsafe { gpu().fill(value, &sizes, view.of(&out)) }.expect("a launch");
        indices(&sizes)
            .iter()
            .for_each(|index| expected[view.at(index)] = value);
        assert_eq!(out.read(), expected, "{sizes:?}, {view:?}");
    }
}

fn too_many_axes_are_refused() {
    let sizes = [2; 9];
    let backwards: Vec<isize> = (0..9).map(|axis| 1 << axis).collect();
    let x = Placed::new(&[1f32; 512], 0);
    let out = Placed::filled_with_nan(512, 0);
    let (straight, turned) = (
        contiguous(&sizes),
        Strided {
            ptr: x.ptr(),
            strides: &backwards,
        },
    );
    let to = Strided {
        ptr: out.ptr(),
        strides: &straight,
    };
    // SAFETY: the views lie in their memory.
    unsafe {
        assert_eq!(gpu().copy(&sizes, turned, to), Err(Error::TooManyAxes { axes: 9 }));
        let as_is = Strided {
            ptr: x.ptr(),
            strides: &straight,
        };
        assert_eq!(gpu().copy(&sizes, as_is, to), Ok(()));
        let too_many = gpu().binary(Binary::Add, &sizes, turned, turned, out.ptr());
        assert_eq!(too_many, Err(Error::TooManyAxes { axes: 9 }));
        // As many of size 1 do not count.
        assert_eq!(
            gpu().fill(
                2f32,
                &[1; 20],
                Strided {
                    ptr: out.ptr(),
                    strides: &[5; 20]
                }
            ),
            Ok(())
        );
    }
    assert_eq!(out.read()[0], 2.0);
}

/// By fours, one by one, and by tiles.
fn more_than_the_grid() {
    let cols = 1021;
    let rows = placed::more_than_the_grid() / cols + 1;
    let n = rows * cols;
    let data: Vec<f32> = (0..n).map(|i| (i % 8191) as f32).collect();
    let (x, out) = (Placed::new(&data, 0), Placed::filled_with_nan(n, 0));
    let (straight, turned) = ([cols as isize, 1], [1, rows as isize]);
    let [as_is, other_way] = [&straight, &turned].map(|strides| Strided { ptr: x.ptr(), strides });
    let to = Strided {
        ptr: out.ptr(),
        strides: &straight,
    };
    let row = Strided {
        ptr: x.ptr(),
        strides: &[1],
    };
    // Past the first round of the grid.
    let last = n - 5000..n;
    let turned_data: Vec<f32> = last.clone().map(|i| data[i % cols * rows + i / cols]).collect();
    // SAFETY: all are of n elements.
    unsafe { gpu().copy(&[rows, cols], other_way, to) }.expect("a launch");
    assert_eq!(out.read()[last.clone()], turned_data, "by tiles");
    // SAFETY: as above.
    unsafe { gpu().binary(Binary::Sub, &[rows, cols], as_is, other_way, out.ptr()) }.expect("a launch");
    let differences = data[last.clone()].iter().zip(&turned_data).map(|(a, b)| a - b);
    assert!(differences.eq(out.read()[last.clone()].iter().copied()), "one by one");
    // SAFETY: as above.
    unsafe { gpu().binary(Binary::Add, &[n], row, row, out.ptr()) }.expect("a launch");
    let doubles = data[last.clone()].iter().map(|x| 2.0 * x);
    assert!(doubles.eq(out.read()[last].iter().copied()), "by fours");
}
