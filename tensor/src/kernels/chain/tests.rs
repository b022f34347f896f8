use tensor_ops::{Saves, Unary};

use super::*;
use crate::kernels::math::tests::exact_erf;

pub(crate) const ALL: [Unary; 23] = [
    Unary::Relu,
    Unary::LeakyRelu { slope: 0.1 },
    Unary::Tanh,
    Unary::Sigmoid,
    Unary::Gelu,
    Unary::GeluTanh,
    Unary::Silu,
    Unary::Elu { alpha: 1.5 },
    Unary::Softplus {
        beta: 2.0,
        threshold: 5.0,
    },
    Unary::Neg,
    Unary::Abs,
    Unary::Square,
    Unary::Sqrt,
    Unary::Recip,
    Unary::Exp,
    Unary::Log,
    Unary::Sin,
    Unary::Cos,
    Unary::Erf,
    Unary::Sign,
    Unary::Affine {
        scale: -2.0,
        shift: 0.5,
    },
    Unary::Powf { exponent: 2.5 },
    Unary::Dropout { p: 0.3, layer: 4 },
];

const RANDOM: Option<Random> = Some(Random { seed: 11, call: 3 });

/// The operation as its formula says.
fn naive(op: Unary, random: Option<Random>, index: usize, x: f64) -> f64 {
    match op {
        Unary::Relu => x.max(0.0),
        Unary::LeakyRelu { slope } => {
            if x > 0.0 {
                x
            } else {
                slope * x
            }
        }
        Unary::Tanh => x.tanh(),
        Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Unary::Gelu => x * 0.5 * (1.0 + exact_erf(x / 2f64.sqrt())),
        Unary::GeluTanh => 0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh()),
        Unary::Silu => x / (1.0 + (-x).exp()),
        Unary::Elu { alpha } => {
            if x > 0.0 {
                x
            } else {
                alpha * x.exp_m1()
            }
        }
        Unary::Softplus { beta, threshold } => {
            if beta * x > threshold {
                x
            } else {
                (beta * x).exp().ln_1p() / beta
            }
        }
        Unary::Neg => -x,
        Unary::Abs => x.abs(),
        Unary::Square => x * x,
        Unary::Sqrt => x.sqrt(),
        Unary::Recip => 1.0 / x,
        Unary::Exp => x.exp(),
        Unary::Log => x.ln(),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Erf => exact_erf(x),
        Unary::Sign => {
            if x > 0.0 {
                1.0
            } else if x < 0.0 {
                -1.0
            } else {
                0.0
            }
        }
        Unary::Affine { scale, shift } => scale * x + shift,
        Unary::Powf { exponent } => x.powf(exponent),
        Unary::Dropout { p, layer } => match random {
            Some(random) if (random.stream(layer).u32_at(index as u64) as f64) < (p * 4294967296.0).floor() => 0.0,
            Some(_) => x / (1.0 - p),
            None => x,
        },
    }
}

/// Numbers for which every operation is defined and away from the points where its derivative jumps.
fn numbers(count: usize, seed: u64, low: f64) -> Vec<f64> {
    let mut x = vec![0.0; count];
    crate::kernels::random::philox::fill_uniform(&mut x, low, 3.0, Stream::new(seed, 0));
    x
}

fn same(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * b.abs().max(1.0)
}

#[test]
fn every_operation_is_its_formula() {
    for op in ALL {
        for count in [0, 1, 2, 15, 16, 17, 511, 513, 40_000] {
            let x = numbers(count, count as u64, -3.0);
            let single: Vec<f32> = x.iter().map(|&x| x as f32).collect();
            let (mut out, mut out_single) = (vec![0.0; count], vec![0.0; count]);
            chain(&[op], RANDOM, 5, &x, &mut out);
            chain(&[op], RANDOM, 5, &single, &mut out_single);
            for i in 0..count {
                let expected = naive(op, RANDOM, 5 + i, x[i]);
                assert!(
                    same(out[i], expected, 1e-14),
                    "{op:?}({}) = {}, not {expected}",
                    x[i],
                    out[i]
                );
                let expected = naive(op, RANDOM, 5 + i, single[i] as f64);
                assert!(
                    same(out_single[i] as f64, expected, 1e-6),
                    "{op:?}({}) = {}",
                    x[i],
                    out_single[i]
                );
            }
        }
    }
}

#[test]
fn special_values_go_through() {
    for op in ALL {
        for x in [
            0.0,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            1e-310,
            -800.0,
            800.0,
        ] {
            if let (Unary::GeluTanh | Unary::Gelu | Unary::Silu, true) = (op, x == f64::NEG_INFINITY) {
                continue; // The formulas give infinity times zero.
            }
            let mut out = [x];
            chain_in_place(&[op], None, 0, &mut out);
            let expected = match op {
                Unary::Relu if x.is_nan() => x,
                op => naive(op, None, 0, x),
            };
            assert!(
                same(out[0], expected, 1e-14),
                "{op:?}({x}) = {}, not {expected}",
                out[0]
            );
            let mut out = [x as f32];
            chain_in_place(&[op], None, 0, &mut out);
            assert_eq!(out[0].is_nan(), expected.is_nan(), "{op:?}({x})");
        }
    }
}

#[test]
fn the_derivative_is_the_limit_of_differences() {
    for op in ALL {
        for (x, random) in numbers(300, 9, 0.1)
            .into_iter()
            .chain(numbers(300, 2, -3.0))
            .zip([RANDOM, None].into_iter().cycle())
        {
            let undefined = matches!(op, Unary::Sqrt | Unary::Log | Unary::Powf { .. }) && x < 0.05;
            let jump = matches!(op, Unary::Softplus { .. }) && (x - 2.5).abs() < 1e-3;
            if x.abs() < 1e-3 || undefined || jump {
                continue;
            }
            let h = 1e-6;
            let slope = (naive(op, random, 7, x + h) - naive(op, random, 7, x - h)) / (2.0 * h);
            let mut y = [0.0];
            chain(&[op], random, 7, &[x], &mut y);
            let mut d = [0.0];
            chain_backward(&[op], random, 7, Some(&[x]), None, &[2.0], &mut d, false);
            assert!(
                same(d[0], 2.0 * slope, 3e-5 * x.powi(-2).max(1.0)),
                "{op:?}'({x}) = {}, not {slope}",
                d[0] / 2.0
            );
            if op.saves() == Saves::Output {
                let mut from_output = [2.0];
                chain_backward_in_place(&[op], random, 7, None, Some(&y), &mut from_output);
                assert!(same(from_output[0], d[0], 1e-12), "{op:?} from its output at {x}");
            }
        }
    }
}

#[test]
fn a_chain_is_its_operations_one_by_one() {
    let long: Vec<Unary> = (0..21).map(|i| ALL[[2, 20, 22, 8, 0, 4, 10][i % 7]]).collect();
    let chains: [&[Unary]; 6] = [
        &[],
        &[Unary::Tanh, ALL[22]],
        &[Unary::Relu, ALL[22], ALL[22]],
        &[Unary::Neg, ALL[22], ALL[20]],
        &[Unary::Gelu, Unary::Square, ALL[22]],
        &long,
    ];
    for ops in chains {
        for count in [0, 1, 255, 257, 1000, 50_000] {
            let x = numbers(count, 3, -2.0);
            let mut y = vec![0.0; count];
            chain(ops, RANDOM, 9, &x, &mut y);
            let mut values = vec![x.clone()];
            for op in ops {
                let mut next = values[values.len() - 1].clone();
                chain_in_place(&[*op], RANDOM, 9, &mut next);
                values.push(next);
            }
            assert_eq!(y, values[values.len() - 1]);

            let d_out = numbers(count, 4, -1.0);
            let mut expected = d_out.clone();
            for (op, x) in ops.iter().zip(&values).rev() {
                chain_backward_in_place(&[*op], RANDOM, 9, Some(x), None, &mut expected);
            }
            let mut d_x = vec![1.0; count];
            chain_backward(ops, RANDOM, 9, Some(&x), Some(&y), &d_out, &mut d_x, true);
            for (d_x, expected) in d_x.iter().zip(&expected) {
                assert!(same(*d_x, expected + 1.0, 1e-12), "{ops:?}");
            }
            chain_backward(ops, RANDOM, 9, Some(&x), Some(&y), &d_out, &mut d_x, false);
            let mut in_place = d_out.clone();
            chain_backward_in_place(ops, RANDOM, 9, Some(&x), Some(&y), &mut in_place);
            assert_eq!(in_place, d_x);
        }
    }
}

#[test]
fn dropout_at_its_ends() {
    let mut x = [1.0f32; 100];
    chain_in_place(&[Unary::Dropout { p: 0.0, layer: 0 }], RANDOM, 0, &mut x);
    assert_eq!(x, [1.0; 100]);
    chain_in_place(&[Unary::Dropout { p: 1.0, layer: 0 }], RANDOM, 0, &mut x);
    assert_eq!(x, [0.0; 100]);
}

#[test]
fn conventions_at_zero_are_those_of_pytorch() {
    let slope_at = |op: Unary, x: f64| {
        let mut d = [1.0];
        chain_backward_in_place(&[op], None, 0, Some(&[x]), None, &mut d);
        d[0]
    };
    assert_eq!(slope_at(Unary::Relu, 0.0), 0.0);
    assert_eq!(slope_at(Unary::Abs, 0.0), 0.0);
    assert_eq!(slope_at(Unary::LeakyRelu { slope: 0.1 }, 0.0), 0.1);
    assert_eq!(slope_at(Unary::Elu { alpha: 2.0 }, 0.0), 2.0);
    assert_eq!(slope_at(Unary::Elu { alpha: 2.0 }, f64::NAN), 1.0);
    assert_eq!(slope_at(Unary::Relu, f64::NAN), 1.0);
    assert_eq!(slope_at(Unary::Powf { exponent: 0.0 }, 0.0), 0.0);
    assert_eq!(slope_at(Unary::Powf { exponent: 0.5 }, -0.0), f64::NEG_INFINITY);
}

#[test]
fn dropped_roots_have_no_gradient() {
    let ops = [Unary::Sqrt, Unary::Dropout { p: 0.5, layer: 0 }];
    assert_eq!(tensor_ops::chain::saves(&ops), Saves::Input);
    let x = [4.0f64; 64];
    let mut out = [0.0; 64];
    chain(&ops, RANDOM, 0, &x, &mut out);
    let mut d_x = [f64::NAN; 64];
    chain_backward(&ops, RANDOM, 0, Some(&x), None, &[1.0; 64], &mut d_x, false);
    // Kept: 1 / (2 sqrt(4)), scaled by 1 / (1 - p).
    let expected = out.map(|out| if out == 0.0 { 0.0 } else { 0.5 });
    assert!(d_x == expected && expected.contains(&0.0) && expected.contains(&0.5));
}
