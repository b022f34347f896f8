use tensor_ops::Reduce;

use super::*;
use crate::kernels::strided::tests::{Dice, View, indices, random_sizes};

const ALL: [Reduce; 5] = [Reduce::Sum, Reduce::Mean, Reduce::Max, Reduce::Min, Reduce::Prod];

fn naive(op: Reduce, x: &[f64]) -> f64 {
    match op {
        Reduce::Sum => x.iter().sum(),
        Reduce::Mean => x.iter().sum::<f64>() / x.len() as f64,
        Reduce::Max => x.iter().fold(f64::NEG_INFINITY, |a, &b| Real::larger(a, b)),
        Reduce::Min => x.iter().fold(f64::INFINITY, |a, &b| Real::smaller(a, b)),
        Reduce::Prod => x.iter().product(),
    }
}

/// The elements that go into each element of the result.
fn groups(sizes: &[usize], reduced: &[bool], view: &View) -> Vec<Vec<f64>> {
    let kept: Vec<usize> = sizes
        .iter()
        .zip(reduced)
        .map(|(&size, &reduced)| if reduced { 1 } else { size })
        .collect();
    let folded: Vec<usize> = sizes
        .iter()
        .zip(reduced)
        .map(|(&size, &reduced)| if reduced { size } else { 1 })
        .collect();
    let sum = |a: &[usize], b: &[usize]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<_>>();
    indices(&kept)
        .iter()
        .map(|kept| {
            indices(&folded)
                .iter()
                .map(|folded| view.at(&sum(kept, folded)))
                .collect()
        })
        .collect()
}

#[test]
fn any_axes_of_any_view() {
    let mut dice = Dice::new(1);
    for round in 0..1500 {
        let op = ALL[round % 5];
        let sizes = random_sizes(&mut dice, 4);
        let mut view = View::random(&mut dice, &sizes, true);
        if dice.below(5) == 0 {
            let at = dice.below(view.data.len());
            view.data[at] = f64::NAN;
        }
        let reduced: Vec<bool> = sizes.iter().map(|_| dice.below(2) == 0).collect();
        let groups = groups(&sizes, &reduced, &view);
        let accumulate = dice.below(2) == 0;
        let mut out = vec![1.0; groups.len()];
        reduce(op, &sizes, view.source(), &reduced, &mut out, accumulate);
        for (group, out) in groups.iter().zip(out) {
            let expected = naive(op, group) + if accumulate { 1.0 } else { 0.0 };
            let scale = group.iter().fold(1.0, |sum: f64, x| sum + x.abs()).max(expected.abs());
            assert!(
                out == expected || (out.is_nan() && expected.is_nan()) || (out - expected).abs() < 1e-13 * scale,
                "{op:?} over {reduced:?} of {sizes:?}: {out}, not {expected}"
            );
        }
    }
}

#[test]
fn large_views() {
    let mut dice = Dice::new(2);
    let shapes: [(&[usize], &[bool]); 9] = [
        (&[130, 1300], &[true, false]),
        (&[1300, 130], &[false, true]),
        (&[300_000], &[true]),
        (&[300, 1000], &[true, false]),
        (&[300, 1000], &[false, true]),
        (&[300, 1000], &[true, true]),
        (&[70, 50, 80], &[true, false, true]),
        (&[70, 50, 80], &[false, true, false]),
        (&[50_000, 3], &[true, false]),
    ];
    for (sizes, reduced) in shapes {
        for op in ALL {
            let view = View::random(&mut dice, sizes, false);
            let groups = groups(sizes, reduced, &view);
            let mut out = vec![0.0; groups.len()];
            reduce(op, sizes, view.source(), reduced, &mut out, false);
            for (group, out) in groups.iter().zip(out) {
                let expected = naive(op, group);
                let scale = group.iter().fold(1.0, |sum: f64, x| sum + x.abs()).max(expected.abs());
                assert!(
                    out == expected || (out - expected).abs() < 1e-13 * scale,
                    "{op:?} {sizes:?}"
                );
            }
        }
    }
}

#[test]
fn more_axes_than_the_stack_holds() {
    // All steps are the same, so none can be joined.
    let sizes = [2; 36];
    let strides = [1; 36];
    let reduced: Vec<bool> = (0..36).map(|axis| axis % 2 == 0).collect();
    let small: Vec<usize> = sizes
        .iter()
        .zip(&reduced)
        .map(|(&size, &reduced)| if reduced { size } else { 1 })
        .collect();
    let data = [1.0f32; 100];
    let mut out = [0.0];
    reduce(
        Reduce::Mean,
        &small,
        Source {
            data: &data,
            offset: 0,
            strides: &strides,
        },
        &reduced,
        &mut out,
        false,
    );
    assert_eq!(out, [1.0]);
}

#[test]
fn a_million_ones_are_a_million() {
    let x = vec![1f32; 1_000_000];
    let source = Source {
        data: &x,
        offset: 0,
        strides: &[1],
    };
    let mut out = [0.0];
    reduce(Reduce::Sum, &[1_000_000], source, &[true], &mut out, false);
    assert_eq!(out, [1_000_000.0]);
    let tenth = vec![0.1f32; 1_000_000];
    reduce(
        Reduce::Sum,
        &[1_000_000],
        Source { data: &tenth, ..source },
        &[true],
        &mut out,
        false,
    );
    assert!((out[0] as f64 - 1e6 * 0.1f32 as f64).abs() < 0.1, "{out:?}");
    sum_rows(1_000_000, 1, &tenth, &mut out, false);
    assert!((out[0] as f64 - 1e6 * 0.1f32 as f64).abs() < 0.1, "{out:?}");
}

#[test]
fn rows_are_summed() {
    let mut dice = Dice::new(3);
    for (rows, columns) in [
        (0, 3),
        (1, 1),
        (1, 16),
        (3, 0),
        (64, 10),
        (64, 128),
        (65, 129),
        (1000, 7),
        (300, 700),
    ] {
        let x = dice.numbers(rows * columns);
        let mut out = vec![1.0; columns];
        sum_rows(rows, columns, &x, &mut out, true);
        for (c, out) in out.iter().enumerate() {
            let expected: f64 = 1.0 + (0..rows).map(|r| x[r * columns + c]).sum::<f64>();
            assert!((out - expected).abs() < 1e-11);
        }
    }
}

#[test]
fn the_first_largest_is_found() {
    let mut dice = Dice::new(4);
    for round in 0..400 {
        let mut sizes = random_sizes(&mut dice, 3);
        let axis = dice.below(sizes.len() + 1);
        sizes.insert(axis, 1 + dice.below(40));
        let mut view = View::random(&mut dice, &sizes, true);
        view.data.iter_mut().for_each(|x| *x = (*x * 3.0).round());
        if round % 4 == 0 {
            let at = dice.below(view.data.len());
            view.data[at] = f64::NAN;
        }
        let reduced: Vec<bool> = (0..sizes.len()).map(|other| other == axis).collect();
        let groups = groups(&sizes, &reduced, &view);
        for which in [Extreme::Max, Extreme::Min] {
            let mut out = vec![-1; groups.len()];
            arg_reduce(which, &sizes, view.source(), axis, &mut out);
            for (group, out) in groups.iter().zip(out) {
                let better = |a: f64, b: f64| match which {
                    Extreme::Max => a > b,
                    Extreme::Min => a < b,
                };
                let mut best = 0;
                for (i, &x) in group.iter().enumerate() {
                    if !group[best].is_nan() && (x.is_nan() || better(x, group[best])) {
                        best = i;
                    }
                }
                assert_eq!(out, best as i64, "{group:?}");
            }
        }
    }
}

#[test]
fn threads_do_not_change_the_bits() {
    let mut dice = Dice::new(5);
    let x: Vec<f32> = dice.numbers(400_000).iter().map(|&x| x as f32).collect();
    let run = || {
        let mut out = vec![0f32; 801];
        let source = |strides| Source {
            data: &x,
            offset: 0,
            strides,
        };
        reduce(Reduce::Sum, &[400_000], source(&[1]), &[true], &mut out[..1], false);
        reduce(
            Reduce::Sum,
            &[500, 800],
            source(&[800, 1]),
            &[true, false],
            &mut out[1..],
            false,
        );
        out
    };
    assert_eq!(crate::threads::tests::with_each_count(run).len(), 1);
}
