use super::cross_entropy::BadLabel;
use super::*;
use crate::kernels::strided::tests::{Dice, View, indices, random_sizes};
use crate::threads::tests::with_each_count;

const SHAPES: [(usize, usize); 12] = [
    (0, 3),
    (3, 0),
    (1, 1),
    (1, 10),
    (2, 2),
    (5, 16),
    (64, 10),
    (7, 33),
    (3, 100),
    (300, 129),
    (1000, 10),
    (2, 5000),
];

fn close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!(
            (a - b).abs() <= tolerance * b.abs().max(1.0) || (a.is_nan() && b.is_nan()),
            "{a}, not {b}"
        );
    }
}

fn naive_softmax(columns: usize, x: &[f64]) -> Vec<f64> {
    x.chunks(columns.max(1))
        .flat_map(|row| {
            let sum: f64 = row.iter().map(|x| x.exp()).sum();
            row.iter().map(move |x| x.exp() / sum).collect::<Vec<_>>()
        })
        .collect()
}

/// The gradient of `sum(d * f(x))` by differences.
fn slopes(x: &[f64], d: &[f64], f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let value = |x: &[f64]| f(x).iter().zip(d).map(|(y, d)| y * d).sum::<f64>();
    (0..x.len())
        .map(|i| {
            let mut moved = x.to_vec();
            moved[i] += 1e-6;
            let above = value(&moved);
            moved[i] -= 2e-6;
            (above - value(&moved)) / 2e-6
        })
        .collect()
}

#[test]
fn softmax_of_any_view_is_that_of_its_elements_in_order() {
    let mut dice = Dice::new(9);
    for round in 0..if cfg!(miri) { 5 } else { 300 } {
        let sizes = match round % 10 {
            0 => vec![3, 700],
            1 => vec![700, 3],
            2 => vec![40, 5, 130],
            _ => random_sizes(&mut dice, 4),
        };
        let view = View::random(&mut dice, &sizes, true);
        let x: Vec<f64> = indices(&sizes).iter().map(|index| view.at(index)).collect();
        let columns = sizes.last().copied().unwrap_or(1);
        let rows = x.len() / columns.max(1);
        let (mut expected, mut out) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        softmax(rows, columns, &x, &mut expected);
        softmax_of(&sizes, view.source(), &mut out);
        assert_eq!(out, expected, "{sizes:?}");
        log_softmax(rows, columns, &x, &mut expected);
        log_softmax_of(&sizes, view.source(), &mut out);
        assert_eq!(out, expected, "{sizes:?}");
    }
}

#[test]
fn softmax_and_its_logarithm() {
    let mut dice = Dice::new(1);
    for (rows, columns) in SHAPES {
        let x = dice.numbers(rows * columns);
        let (mut y, mut log) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        softmax(rows, columns, &x, &mut y);
        log_softmax(rows, columns, &x, &mut log);
        close(&y, &naive_softmax(columns, &x), 1e-14);
        close(&log, &y.iter().map(|y| y.ln()).collect::<Vec<_>>(), 1e-13);

        let single: Vec<f32> = x.iter().map(|&x| x as f32).collect();
        let mut out = vec![0f32; x.len()];
        softmax(rows, columns, &single, &mut out);
        close(&out.iter().map(|&x| x as f64).collect::<Vec<_>>(), &y, 1e-6);
    }
}

#[test]
fn softmax_of_extreme_rows() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    for (x, expected) in [
        ([1e30, 1e30], [0.5, 0.5]),
        ([-1e30, 0.0], [0.0, 1.0]),
        ([-inf, 0.0], [0.0, 1.0]),
        ([-inf, -inf], [nan, nan]),
        ([inf, 0.0], [nan, nan]),
        ([nan, 0.0], [nan, nan]),
    ] {
        let mut out = [0f32; 2];
        softmax(1, 2, &x, &mut out);
        close(&out.map(f64::from), &expected.map(f64::from), 0.0);
    }
    let mut out = [0f32; 2];
    log_softmax(1, 2, &[-200.0, 0.0], &mut out);
    assert_eq!(out, [-200.0, 0.0]);
}

#[test]
fn softmax_gradients() {
    let mut dice = Dice::new(2);
    for (rows, columns) in [(1, 1), (2, 3), (3, 17), (1, 40)] {
        let (x, d) = (dice.numbers(rows * columns), dice.numbers(rows * columns));
        let (mut y, mut d_x) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        softmax(rows, columns, &x, &mut y);
        softmax_backward(rows, columns, &y, &d, &mut d_x, false);
        close(&d_x, &slopes(&x, &d, |x| naive_softmax(columns, x)), 1e-7);
        let once = d_x.clone();
        softmax_backward(rows, columns, &y, &d, &mut d_x, true);
        close(&d_x, &once.iter().map(|d| 2.0 * d).collect::<Vec<_>>(), 1e-14);

        log_softmax(rows, columns, &x, &mut y);
        log_softmax_backward(rows, columns, &y, &d, &mut d_x, false);
        let log = |x: &[f64]| naive_softmax(columns, x).iter().map(|y| y.ln()).collect();
        close(&d_x, &slopes(&x, &d, log), 1e-7);
    }
}

fn naive_norm(columns: usize, x: &[f64], weight: &[f64], bias: &[f64], eps: f64) -> Vec<f64> {
    x.chunks(columns.max(1))
        .flat_map(|row| {
            let n = row.len() as f64;
            let mean = row.iter().sum::<f64>() / n;
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            let scaled = row.iter().map(|x| (x - mean) / (variance + eps).sqrt());
            scaled
                .zip(weight.iter().zip(bias))
                .map(|(x, (w, b))| x * w + b)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn layer_norm_of_rows() {
    let mut dice = Dice::new(3);
    for (rows, columns) in SHAPES {
        let (x, weight, bias) = (
            dice.numbers(rows * columns),
            dice.numbers(columns),
            dice.numbers(columns),
        );
        let (ones, zeros) = (vec![1.0; columns], vec![0.0; columns]);
        for (w, b) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut out = vec![0.0; x.len()];
            layer_norm(
                rows,
                columns,
                &x,
                w.then_some(&weight),
                b.then_some(&bias),
                1e-5,
                None,
                &mut out,
            );
            let expected = naive_norm(
                columns,
                &x,
                if w { &weight } else { &ones },
                if b { &bias } else { &zeros },
                1e-5,
            );
            close(&out, &expected, 1e-12);
        }
    }
}

#[test]
fn layer_norm_gradients() {
    let mut dice = Dice::new(4);
    for (rows, columns) in [(1, 2), (3, 5), (2, 70), (70, 3)] {
        let (x, d) = (dice.numbers(rows * columns), dice.numbers(rows * columns));
        let (weight, bias) = (dice.numbers(columns), dice.numbers(columns));
        let (mut out, mut stats) = (vec![0.0; x.len()], vec![0.0; 2 * rows]);
        layer_norm(
            rows,
            columns,
            &x,
            Some(&weight),
            Some(&bias),
            0.1,
            Some(&mut stats),
            &mut out,
        );
        let (mut d_x, mut d_weight, mut d_bias) = (vec![1.0; x.len()], vec![1.0; columns], vec![1.0; columns]);
        let grads = LayerNormGrads {
            d_x: Some((&mut d_x, false)),
            d_weight: Some((&mut d_weight, true)),
            d_bias: Some((&mut d_bias, false)),
        };
        layer_norm_backward(rows, columns, &x, Some(&weight), &stats, &d, grads);
        close(
            &d_x,
            &slopes(&x, &d, |x| naive_norm(columns, x, &weight, &bias, 0.1)),
            1e-7,
        );
        d_weight.iter_mut().for_each(|d| *d -= 1.0);
        close(
            &d_weight,
            &slopes(&weight, &d, |weight| naive_norm(columns, &x, weight, &bias, 0.1)),
            1e-7,
        );
        close(
            &d_bias,
            &slopes(&bias, &d, |bias| naive_norm(columns, &x, &weight, bias, 0.1)),
            1e-7,
        );

        let grads = LayerNormGrads {
            d_x: Some((&mut d_x, false)),
            ..Default::default()
        };
        layer_norm_backward(rows, columns, &x, None, &stats, &d, grads);
        let (ones, zeros) = (vec![1.0; columns], vec![0.0; columns]);
        close(
            &d_x,
            &slopes(&x, &d, |x| naive_norm(columns, x, &ones, &zeros, 0.1)),
            1e-7,
        );
    }
}

fn naive_loss(classes: usize, logits: &[f64], labels: &[i64]) -> f64 {
    let rows = logits.chunks(classes).zip(labels);
    let sum: f64 = rows
        .map(|(row, &label)| row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[label as usize])
        .sum();
    sum / labels.len() as f64
}

#[test]
fn cross_entropy_and_its_gradient() {
    let mut dice = Dice::new(5);
    for (rows, classes) in [(1, 1), (2, 3), (5, 10), (64, 10), (3, 50), (4000, 10)] {
        let logits = dice.numbers(rows * classes);
        let labels: Vec<i64> = (0..rows).map(|_| dice.below(classes) as i64).collect();
        let (mut loss, mut d) = (0.0, vec![0.0; logits.len()]);
        assert_eq!(
            cross_entropy(rows, classes, &logits, &labels, &mut loss, Some((&mut d, 3.0))),
            Ok(())
        );
        close(&[loss], &[naive_loss(classes, &logits, &labels)], 1e-13);
        if rows < 100 {
            close(
                &d,
                &slopes(&logits, &[3.0], |logits| vec![naive_loss(classes, logits, &labels)]),
                1e-8,
            );
        }
        let mut only_loss = 0.0;
        assert_eq!(
            cross_entropy(rows, classes, &logits, &labels, &mut only_loss, None),
            Ok(())
        );
        close(&[only_loss], &[loss], 1e-14);
    }
}

#[test]
fn cross_entropy_at_its_edges() {
    let mut loss = 7f32;
    let mut d = [7f32; 4];
    let bad = cross_entropy(2, 2, &[0.0; 4], &[0, 2], &mut loss, Some((&mut d, 1.0)));
    assert_eq!(bad, Err(BadLabel { row: 1, label: 2 }));
    assert_eq!((loss, d), (7.0, [7.0; 4]));
    assert_eq!(
        cross_entropy(1, 2, &[0.0; 2], &[-1], &mut loss, None),
        Err(BadLabel { row: 0, label: -1 })
    );
    assert_eq!(cross_entropy(0, 10, &[], &[], &mut loss, None), Ok(()));
    assert!(loss.is_nan());
    assert_eq!(cross_entropy(1, 2, &[-1e30, 1e30], &[1], &mut loss, None), Ok(()));
    assert_eq!(loss, 0.0);
}

#[test]
fn squared_errors() {
    let mut dice = Dice::new(6);
    for count in [1, 2, 33, 1025, 50_000] {
        let (x, y) = (dice.numbers(count), dice.numbers(count));
        let (mut loss, mut d) = (0.0, vec![0.0; count]);
        mse(&x, &y, &mut loss, Some((&mut d, 2.0)));
        let expected = x.iter().zip(&y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>() / count as f64;
        close(&[loss], &[expected], 1e-12);
        let slopes: Vec<f64> = x.iter().zip(&y).map(|(x, y)| 4.0 * (x - y) / count as f64).collect();
        close(&d, &slopes, 1e-14);
    }
    let mut loss = 0f32;
    mse(&[], &[], &mut loss, None);
    assert!(loss.is_nan());
}

#[test]
fn norms() {
    let mut dice = Dice::new(7);
    for count in [0, 1, 15, 16, 17, 1000, 100_000] {
        let x: Vec<f32> = dice.numbers(count).iter().map(|&x| x as f32).collect();
        let expected: f64 = x.iter().map(|&x| x as f64 * x as f64).sum();
        close(&[sum_of_squares(&x)], &[expected], 1e-12);
    }
}

#[test]
fn threads_do_not_change_the_bits() {
    let mut dice = Dice::new(8);
    let x: Vec<f32> = dice.numbers(300_000).iter().map(|&x| x as f32).collect();
    let labels: Vec<i64> = (0..3000).map(|i| i % 100).collect();
    let run = || {
        let (mut out, mut loss) = (vec![0f32; x.len()], 0f32);
        let result = cross_entropy(3000, 100, &x, &labels, &mut loss, Some((&mut out, 1.0)));
        let mut norm = vec![0f32; x.len()];
        layer_norm(3000, 100, &x, None, None, 1e-5, None, &mut norm);
        out.extend(norm);
        (result, out, loss, sum_of_squares(&x))
    };
    assert_eq!(with_each_count(run).len(), 1);
}
