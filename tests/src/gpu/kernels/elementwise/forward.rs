//! Forward: chains, chains after a bias, sums.

use gpu_kernels::{Code, Float, Ptr, Step};

use super::super::placed::{self, COUNTS, Placed, tolerance, wide};
use super::super::random::{SEED, word};
use super::{arguments, every_step, formula, smooth_chain};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::elementwise::every_operation_is_its_formula",
            run: || {
                every_operation_is_its_formula::<f32>();
                every_operation_is_its_formula::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::special_values_go_through",
            run: || {
                special_values_go_through::<f32>();
                special_values_go_through::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::chains_are_their_steps",
            run: || {
                chains_are_their_steps::<f32>();
                chains_are_their_steps::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::masks_are_those_of_philox",
            run: masks_are_those_of_philox,
        },
        Check {
            name: "kernels::elementwise::a_bias_comes_first",
            run: || {
                a_bias_comes_first::<f32>();
                a_bias_comes_first::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::sums",
            run: || {
                sums::<f32>();
                sums::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::more_than_the_grid",
            run: more_than_the_grid,
        },
    ]
}

/// `steps(x)` by the kernel, in a place of its own and in that of x.
fn run<T: Float>(steps: &[Step], x: &[T], shifts: [usize; 2]) -> Vec<T> {
    let (from, out) = (Placed::new(x, shifts[0]), Placed::filled_with_nan(x.len(), shifts[1]));
    // SAFETY: both are as long as x.
    unsafe {
        gpu()
            .chain(steps, SEED, from.ptr(), out.ptr(), x.len())
            .expect("a launch");
        gpu()
            .chain(steps, SEED, from.ptr(), from.ptr(), x.len())
            .expect("a launch");
    }
    let out = out.read();
    let in_place = from.read();
    assert!(
        wide(&in_place)
            .iter()
            .zip(&wide(&out))
            .all(|(a, b)| a.to_bits() == b.to_bits())
    );
    out
}

fn every_operation_is_its_formula<T: Float>() {
    let mut chance = Chance::new(1);
    for step in every_step() {
        for n in COUNTS {
            let x: Vec<T> = arguments(&mut chance, &step, n);
            let out = run(&[step], &x, [n % 3, n % 2]);
            let expected = |(index, x): (usize, &T)| formula::value(&step, SEED, index, x.as_f64());
            let expected: Vec<f64> = x.iter().enumerate().map(expected).collect();
            assert_near(
                &out,
                &expected,
                tolerance::<T>(1e-6, 3e-15),
                &format!("{step:?} of {n}"),
            );
        }
    }
}

fn special_values_go_through<T: Float>() {
    let values = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        1e-310,
        -1e-310,
        1e-40,
        -1e-40,
        30.0,
        -30.0,
        -800.0,
        800.0,
        1e30,
    ];
    let x = values.map(T::from_f64);
    // Where the formulas take no other way to the sign of 0 than the kernels.
    let exact = [
        Code::Relu,
        Code::LeakyRelu,
        Code::Neg,
        Code::Abs,
        Code::Square,
        Code::Affine,
        Code::Sign,
    ];
    for step in every_step() {
        // Of arguments this large the last bits decide.
        let x = match step.code {
            Code::Sin | Code::Cos => &x[..13],
            _ => &x[..],
        };
        for (index, (x, out)) in x.iter().zip(run(&[step], x, [0, 0])).enumerate() {
            let expected = T::from_f64(formula::value(&step, SEED, index, x.as_f64()));
            assert_near(
                &[out],
                &[expected.as_f64()],
                tolerance::<T>(1e-6, 1e-14),
                &format!("{step:?} of {x:?}"),
            );
            let (out, expected) = (out.as_f64(), expected.as_f64());
            let same_sign = out.is_sign_negative() == expected.is_sign_negative() || out.is_nan();
            assert!(same_sign || !exact.contains(&step.code), "{step:?} of {x:?} is {out}");
        }
    }
}

fn chains_are_their_steps<T: Float>() {
    let mut chance = Chance::new(2);
    for length in [0, 1, 2, 5, 16, 17, 40] {
        for n in [1, 33, 1009] {
            let steps = smooth_chain(&mut chance, length);
            let x: Vec<T> = numbers(&mut chance, n);
            let out = run(&steps, &x, [chance.below(4), chance.below(4)]);
            let expected = |(index, x): (usize, &T)| formula::chain(&steps, SEED, index, x.as_f64());
            let expected: Vec<f64> = x.iter().enumerate().map(expected).collect();
            assert_near(
                &out,
                &expected,
                tolerance::<T>(3e-5, 1e-13),
                &format!("{steps:?} of {n}"),
            );
        }
    }
}

fn masks_are_those_of_philox() {
    for (p, stream) in [(0.25, 3), (0.5, u64::MAX), (1e-6, 0), (0.999_999, 1 << 33)] {
        for n in COUNTS {
            let step = Step::dropout(p, stream);
            let out = run(&[step], &vec![1f32; n], [1, 0]);
            let kept = (1.0 / (1.0 - p)) as f32;
            let threshold = (p * 4_294_967_296.0) as u32;
            for (index, out) in out.iter().enumerate() {
                let dropped = word(SEED, stream, index as u64) < threshold;
                assert_eq!(*out, if dropped { 0.0 } else { kept }, "p = {p}, element {index}");
            }
        }
    }
    assert_eq!(Step::dropout(1.0, 5).code, Code::Zero);
    assert_eq!(run(&[Step::dropout(1.0, 5)], &[1f32, f32::NAN], [0, 0]), [0.0, 0.0]);
    assert_eq!(run(&[Step::dropout(0.0, 5)], &[1f32, -0.0], [0, 0]), [1.0, -0.0]);
}

fn a_bias_comes_first<T: Float>() {
    let mut chance = Chance::new(3);
    for (rows, cols) in [
        (0, 5),
        (5, 0),
        (1, 1),
        (7, 1),
        (1, 7),
        (3, 2),
        (5, 3),
        (33, 4),
        (31, 33),
        (9, 128),
        (4, 1025),
    ] {
        for length in [0, 1, 3, 19] {
            let n = rows * cols;
            let steps = smooth_chain(&mut chance, length);
            let (x, bias): (Vec<T>, Vec<T>) = (numbers(&mut chance, n), numbers(&mut chance, cols));
            let [with_bias, with_pre, in_place] = [(); 3].map(|()| !chance.once_in(3));
            let from = Placed::new(&x, chance.below(4));
            let add = Placed::new(&bias, chance.below(4));
            let [pre, out] = [(); 2].map(|()| Placed::filled_with_nan(n, chance.below(4)));
            let to: Ptr<T> = if in_place { from.ptr() } else { out.ptr() };
            let (bias_at, pre_at) = (with_bias.then(|| add.ptr()), with_pre.then(|| pre.ptr()));
            // SAFETY: all are as long as their sizes say.
            unsafe { gpu().bias_chain(&steps, SEED, from.ptr(), bias_at, pre_at, to, rows, cols) }.expect("a launch");

            let what = format!("[{rows}, {cols}], {length} steps, bias {with_bias}, pre {with_pre}");
            let sum = |index: usize| x[index].as_f64() + if with_bias { bias[index % cols].as_f64() } else { 0.0 };
            let sums: Vec<f64> = (0..n).map(sum).collect();
            if with_pre {
                assert_near(&pre.read(), &sums, 1e-7, &what);
            }
            let ends = |(index, v): (usize, &f64)| formula::chain(&steps, SEED, index, *v);
            let expected: Vec<f64> = sums.iter().enumerate().map(ends).collect();
            let found = if in_place { from.read() } else { out.read() };
            assert_near(&found, &expected, tolerance::<T>(3e-5, 1e-13), &what);
        }
    }
}

fn sums<T: Float>() {
    let mut chance = Chance::new(4);
    for n in COUNTS {
        let [a, b]: [Vec<T>; 2] = [(); 2].map(|()| numbers(&mut chance, n));
        let [x, y] = [&a, &b].map(|data| Placed::new(data, chance.below(4)));
        let out = Placed::filled_with_nan(n, chance.below(4));
        // SAFETY: all are of n elements.
        unsafe {
            gpu().add(x.ptr(), y.ptr(), out.ptr(), n).expect("a launch");
            gpu().add(x.ptr(), y.ptr(), y.ptr(), n).expect("a launch");
        }
        let expected: Vec<f64> = wide(&a).iter().zip(wide(&b)).map(|(a, b)| a + b).collect();
        assert_near(&out.read(), &expected, 0.0, "a + b");
        assert_near(&y.read(), &expected, 0.0, "a + b in the place of b");
    }
}

fn more_than_the_grid() {
    let n = placed::more_than_the_grid();
    let (x, out) = (Placed::new(&vec![1f32; n], 0), Placed::filled_with_nan(n, 0));
    // SAFETY: both are of n elements.
    unsafe { gpu().chain(&[Step::dropout(0.5, 9)], SEED, x.ptr(), out.ptr(), n) }.expect("a launch");
    for (index, out) in out.read().into_iter().enumerate().skip(n - 5000) {
        let dropped = word(SEED, 9, index as u64) < 1 << 31;
        assert_eq!(out, if dropped { 0.0 } else { 2.0 }, "element {index}");
    }
}
