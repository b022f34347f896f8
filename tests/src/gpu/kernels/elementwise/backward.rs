//! Backward: from nothing, from the output, from the input.

use gpu_kernels::{Code, Float, Reads, Saved, Step};

use super::super::placed::{COUNTS, Placed, tolerance};
use super::super::random::SEED;
use super::{arguments, every_step, formula, smooth_chain};
use crate::Chance;
use crate::gpu::naive::{assert_near, numbers};
use crate::gpu::{Check, gpu};

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::elementwise::every_derivative_is_its_formula",
            run: || {
                every_derivative_is_its_formula::<f32>();
                every_derivative_is_its_formula::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::conventions_at_zero_are_those_of_pytorch",
            run: conventions_at_zero_are_those_of_pytorch,
        },
        Check {
            name: "kernels::elementwise::derivatives_of_chains",
            run: || {
                derivatives_of_chains::<f32>();
                derivatives_of_chains::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::derivatives_by_the_output_and_its_dropouts",
            run: || {
                derivatives_by_the_output_and_its_dropouts::<f32>();
                derivatives_by_the_output_and_its_dropouts::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::dropouts_too_rare_to_drop",
            run: || {
                dropouts_too_rare_to_drop::<f32>();
                dropouts_too_rare_to_drop::<f64>();
            },
        },
        Check {
            name: "kernels::elementwise::what_does_not_suffice_is_refused",
            run: what_does_not_suffice_is_refused,
        },
    ]
}

/// What the backward is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Nothing,
    Output,
    Input,
}

/// `d_x` by the kernel, in a place of its own and in that of `d_out`.
fn run<T: Float>(steps: &[Step], given: Given, x: &[T], d_out: &[T], shifts: [usize; 3]) -> Vec<T> {
    let n = x.len();
    let (values, d) = (Placed::new(x, shifts[0]), Placed::new(d_out, shifts[1]));
    let d_x = Placed::filled_with_nan(n, shifts[2]);
    // SAFETY: all are of n elements.
    unsafe {
        if given == Given::Output {
            gpu()
                .chain(steps, SEED, values.ptr(), values.ptr(), n)
                .expect("a launch");
        }
        let saved = match given {
            Given::Nothing => Saved::Nothing,
            Given::Output => Saved::Output(values.ptr()),
            Given::Input => Saved::Input(values.ptr()),
        };
        gpu()
            .chain_backward(steps, SEED, saved, d.ptr(), d_x.ptr(), n)
            .expect("a launch");
        gpu()
            .chain_backward(steps, SEED, saved, d.ptr(), d.ptr(), n)
            .expect("a launch");
    }
    let (d_x, in_place) = (d_x.read(), d.read());
    let same = |(a, b): (&T, &T)| a.as_f64().to_bits() == b.as_f64().to_bits();
    assert!(d_x.iter().zip(&in_place).all(same), "{steps:?} in place");
    d_x
}

fn expected<T: Float>(steps: &[Step], x: &[T], d_out: &[T]) -> Vec<f64> {
    let rows = x.iter().zip(d_out).enumerate();
    rows.map(|(index, (x, d))| formula::chain_gradient(steps, SEED, index, x.as_f64(), d.as_f64()))
        .collect()
}

/// Whether the derivative can be told from the output: below zero a negative rate turns the sign.
fn by_output(step: &Step) -> bool {
    let turns = matches!(step.code, Code::LeakyRelu | Code::Elu) && step.a <= 0.0;
    step.code.reads() != Reads::Input && !turns
}

fn every_derivative_is_its_formula<T: Float>() {
    let mut chance = Chance::new(11);
    for step in every_step() {
        for n in COUNTS {
            let x: Vec<T> = arguments(&mut chance, &step, n);
            let d_out = numbers(&mut chance, n);
            let expected = expected(&[step], &x, &d_out);
            // The smallest arguments are 1/16, where 1 / x^2.5 is as large as a thousand.
            let tolerance = tolerance::<T>(2e-6, 1e-14);
            let shifts = [n % 3, n % 2, n % 4];
            let found = run(&[step], Given::Input, &x, &d_out, shifts);
            assert_near(&found, &expected, tolerance, &format!("{step:?} by its input, {n}"));
            if by_output(&step) {
                let found = run(&[step], Given::Output, &x, &d_out, shifts);
                let tolerance = 4.0 * tolerance;
                assert_near(&found, &expected, tolerance, &format!("{step:?} by its output, {n}"));
            }
            if step.code.reads() == Reads::Nothing {
                let found = run(&[step], Given::Nothing, &x, &d_out, shifts);
                assert_near(&found, &expected, tolerance, &format!("{step:?} by nothing, {n}"));
            }
        }
    }
}

fn conventions_at_zero_are_those_of_pytorch() {
    let at = |code: Code, a: f64, x: f64| run(&[Step::new(code, a, 0.0)], Given::Input, &[x], &[1.0], [0; 3])[0];
    assert_eq!(at(Code::Relu, 0.0, 0.0), 0.0);
    assert_eq!(at(Code::Abs, 0.0, 0.0), 0.0);
    assert_eq!(at(Code::LeakyRelu, 0.1, 0.0), 0.1);
    assert_eq!(at(Code::Elu, 2.0, 0.0), 2.0);
    assert_eq!(at(Code::Elu, 2.0, f64::NAN), 1.0);
    assert_eq!(at(Code::Relu, 0.0, f64::NAN), 1.0);
    assert_eq!(at(Code::Powf, 0.0, 0.0), 0.0);
    assert_eq!(at(Code::Powf, 0.5, 0.0), f64::INFINITY);
    assert_eq!(at(Code::Sign, 0.0, f64::NAN), 0.0);
    assert_eq!(at(Code::Abs, 0.0, f64::NAN), 0.0);
    assert!(at(Code::Tanh, 0.0, f64::NAN).is_nan() && at(Code::Square, 0.0, f64::NAN).is_nan());
}

fn derivatives_of_chains<T: Float>() {
    let mut chance = Chance::new(12);
    for length in [0, 1, 2, 5, 16, 17, 40] {
        for n in [1, 33, 1009] {
            let steps = smooth_chain(&mut chance, length);
            let (x, d_out): (Vec<T>, Vec<T>) = (numbers(&mut chance, n), numbers(&mut chance, n));
            let found = run(&steps, Given::Input, &x, &d_out, [(); 3].map(|()| chance.below(4)));
            let expected = expected(&steps, &x, &d_out);
            assert_near(
                &found,
                &expected,
                tolerance::<T>(1e-4, 1e-12),
                &format!("{steps:?} of {n}"),
            );

            // What needs nothing, by nothing.
            let plain: Vec<Step> = (0..length)
                .map(|number| match number % 3 {
                    0 => Step::new(Code::Affine, -1.25, 7.0),
                    1 => Step::dropout(0.1, number as u64),
                    _ => Step::new(Code::Neg, 0.0, 0.0),
                })
                .collect();
            let found = run(&plain, Given::Nothing, &x, &d_out, [0, 1, 0]);
            let expected = self::expected(&plain, &x, &d_out);
            assert_near(&found, &expected, tolerance::<T>(1e-5, 1e-14), "a chain by nothing");
        }
    }
}

fn derivatives_by_the_output_and_its_dropouts<T: Float>() {
    let mut chance = Chance::new(13);
    let is_no_root = |step: &Step| step.code != Code::Sqrt;
    for step in every_step().into_iter().filter(by_output).filter(is_no_root) {
        for dropouts in [1, 2, 20] {
            let dropped = |number: usize| Step::dropout(0.1, 100 + number as u64);
            let steps: Vec<Step> = std::iter::once(step).chain((0..dropouts).map(dropped)).collect();
            let n = 1009;
            let x: Vec<T> = arguments(&mut chance, &step, n);
            let d_out = numbers(&mut chance, n);
            let found = run(&steps, Given::Output, &x, &d_out, [0, 0, 1]);
            let expected = expected(&steps, &x, &d_out);
            assert_near(
                &found,
                &expected,
                tolerance::<T>(2e-5, 1e-13),
                &format!("{steps:?} by its output"),
            );
        }
        // Dropout of everything leaves nothing.
        let found = run(
            &[step, Step::dropout(1.0, 0)],
            Given::Output,
            &[T::from_f64(1.0)],
            &[T::from_f64(1.0)],
            [0; 3],
        );
        assert_near(&found, &[0.0], 0.0, &format!("{step:?} dropped"));
    }
}

fn dropouts_too_rare_to_drop<T: Float>() {
    let relu = Step::new(Code::Relu, 0.0, 0.0);
    let (mut chance, n) = (Chance::new(14), 1009);
    let (x, d_out): (Vec<T>, Vec<T>) = (numbers(&mut chance, n), numbers(&mut chance, n));
    let expected = expected(&[relu], &x, &d_out);
    for p in [0.0, 1e-12] {
        let steps = [relu, Step::dropout(p, 3)];
        let out = Placed::new(&x, 0);
        // SAFETY: the array is of n elements.
        unsafe { gpu().chain(&steps, SEED, out.ptr(), out.ptr(), n) }.expect("a launch");
        let positive: Vec<f64> = x.iter().map(|x| x.as_f64().max(0.0)).collect();
        assert_near(&out.read(), &positive, 0.0, &format!("a dropout with {p:e}"));
        let found = run(&steps, Given::Output, &x, &d_out, [0; 3]);
        assert_near(&found, &expected, 0.0, &format!("its derivative with {p:e}"));
    }
}

fn what_does_not_suffice_is_refused() {
    let x = gpu_kernels::Ptr::<f32>::null();
    let (gelu, relu, dropout) = (
        Step::new(Code::Gelu, 0.0, 0.0),
        Step::new(Code::Relu, 0.0, 0.0),
        Step::dropout(0.5, 1),
    );
    assert!(Saved::Input(x).suffices(&[gelu, relu]));
    assert!(Saved::Output(x).suffices(&[relu, dropout, dropout]) && Saved::<f32>::Nothing.suffices(&[dropout]));
    assert!(!Saved::Output(x).suffices(&[gelu]) && !Saved::Output(x).suffices(&[dropout, relu]));
    assert!(!Saved::<f32>::Nothing.suffices(&[relu]));
    let root = Step::new(Code::Sqrt, 0.0, 0.0);
    assert!(Saved::Output(x).suffices(&[root]) && !Saved::Output(x).suffices(&[root, dropout]));
}
