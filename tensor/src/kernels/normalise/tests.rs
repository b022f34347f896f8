//! Against means and variances by their definition.

use super::*;
use crate::kernels::strided::tests::Dice;

#[test]
fn each_statistic_is_normalised() {
    let x: Vec<f64> = (0..24).map(|index| f64::from(index * index % 17)).collect();
    for groups in [None, Some(1), Some(2), Some(4)] {
        let over = Normalisation {
            images: 2,
            channels: 4,
            positions: 3,
            groups,
        };
        let (mut out, mut kept) = (vec![0.0; 24], vec![0.0; 2 * over.statistics()]);
        let (weight, bias) = ([1.0, 2.0, 3.0, 4.0], [0.5, 0.25, 0.0, -1.0]);
        let affine = [Some(&weight[..]), Some(&bias[..])];
        let notes = Notes {
            kept: Some(&mut kept[..]),
            moments: None,
        };
        forward(&over, Given::Nothing, 1e-3, &x, affine, notes, &mut out);
        for statistic in 0..over.statistics() {
            let places = |of: usize| {
                let (plane, place) = (of / 3, of % 3);
                let (image, channel) = (plane / 4, plane % 4);
                let its = groups.map_or(channel, |groups| image * groups + channel / (4 / groups));
                (its == statistic).then_some((channel, plane * 3 + place))
            };
            let all: Vec<(usize, usize)> = (0..24).filter_map(places).collect();
            assert_eq!(all.len(), over.count());
            let mean = all.iter().map(|&(_, at)| x[at]).sum::<f64>() / all.len() as f64;
            let var = all.iter().map(|&(_, at)| (x[at] - mean).powi(2)).sum::<f64>() / all.len() as f64;
            assert!((kept[2 * statistic] - mean).abs() < 1e-12);
            for (channel, at) in all {
                let expected = (x[at] - mean) / (var + 1e-3).sqrt() * weight[channel] + bias[channel];
                assert!((out[at] - expected).abs() < 1e-12, "{groups:?} {at}");
            }
        }
    }
}

#[test]
fn known_statistics_serve_as_they_are() {
    let over = Normalisation {
        images: 1,
        channels: 2,
        positions: 1,
        groups: None,
    };
    let (mut out, mut kept) = ([0.0; 2], [0.0; 4]);
    let given = Given::Known(&[1.0, 2.0], &[4.0, 0.25]);
    let notes = Notes {
        kept: Some(&mut kept[..]),
        moments: None,
    };
    forward(&over, given, 0.0, &[3.0, 3.0], [None, None], notes, &mut out);
    assert_eq!(out, [1.0, 2.0]);
    let mut d_x = [0.0; 2];
    input_gradient(&over, true, &[3.0, 3.0], None, &kept, &[1.0, 1.0], &mut d_x);
    assert_eq!(d_x, [0.5, 2.0]);
}

#[test]
fn running_statistics_take_the_unbiased_variance() {
    let over = Normalisation {
        images: 2,
        channels: 1,
        positions: 1,
        groups: None,
    };
    let (mut mean, mut var, mut out) = ([0.0], [0.0], [0.0; 2]);
    let notes = Notes {
        kept: None,
        moments: Some([&mut mean[..], &mut var[..]]),
    };
    forward(&over, Given::Nothing, 0.0, &[-1.0, 1.0], [None, None], notes, &mut out);
    assert_eq!((mean, var), ([0.0], [1.0]));
    mix(over.count(), 0.5, [&[2.0], &[4.0]], [&mut mean, &mut var]);
    assert_eq!((mean, var), ([1.0], [3.0]));
}

#[test]
fn rows_have_a_mean_square_of_1() {
    let (mut out, mut kept) = ([0.0; 4], [0.0; 2]);
    rms(
        2,
        0.0,
        &[3.0, -3.0, 0.5, 0.5],
        Some(&[1.0, 2.0]),
        Some(&mut kept),
        &mut out,
    );
    assert_eq!(out, [1.0, -2.0, 1.0, 2.0]);
    assert_eq!(kept, [1.0 / 3.0, 2.0]);
    rms::<f64>(3, 1.0, &[], None, None, &mut []);
}

/// Gradients against slopes, for statistics of every kind.
#[test]
fn gradients_are_slopes() {
    let mut dice = Dice::new(31);
    for groups in [None, Some(1), Some(2), Some(4)] {
        for (images, positions) in [(3, 5), (2, 1), (1, 40), (0, 3), (2, 0)] {
            let over = Normalisation {
                images,
                channels: 4,
                positions,
                groups,
            };
            let length = images * 4 * positions;
            let (x, d, weight) = (dice.numbers(length), dice.numbers(length), dice.numbers(4));
            let run = |x: &[f64], weight: &[f64]| {
                let (mut out, mut kept) = (vec![0.0; length], vec![0.0; 2 * over.statistics()]);
                let notes = Notes {
                    kept: Some(&mut kept[..]),
                    moments: None,
                };
                forward(&over, Given::Nothing, 0.1, x, [Some(weight), None], notes, &mut out);
                (out, kept)
            };
            let loss = |x: &[f64], weight: &[f64]| -> f64 { run(x, weight).0.iter().zip(&d).map(|(y, d)| y * d).sum() };
            let (_, kept) = run(&x, &weight);
            let mut d_x = vec![f64::NAN; length];
            input_gradient(&over, false, &x, Some(&weight), &kept, &d, &mut d_x);
            let (mut d_weight, mut d_bias) = (vec![f64::NAN; 4], vec![1.0; 4]);
            let (weight_to, bias_to) = ((&mut d_weight[..], false), (&mut d_bias[..], true));
            parameter_gradients(&over, &x, &kept, &d, Some(weight_to), Some(bias_to));
            let slope = |of: &[f64], at: usize, loss: &dyn Fn(&[f64]) -> f64| {
                let moved = |by: f64| {
                    let mut of = of.to_vec();
                    of[at] += by;
                    loss(&of)
                };
                (moved(1e-6) - moved(-1e-6)) / 2e-6
            };
            for (at, d_x) in d_x.iter().enumerate() {
                let expected = slope(&x, at, &|x| loss(x, &weight));
                assert!((d_x - expected).abs() < 1e-6, "{over:?}: {d_x} is not {expected}");
            }
            for (at, d_weight) in d_weight.iter().enumerate() {
                let expected = slope(&weight, at, &|weight| loss(&x, weight));
                assert!(
                    (d_weight - expected).abs() < 1e-6,
                    "{over:?}: {d_weight} is not {expected}"
                );
            }
            for (channel, d_bias) in d_bias.iter().enumerate() {
                let planes = d
                    .chunks(positions.max(1))
                    .enumerate()
                    .filter(|(plane, _)| plane % 4 == channel);
                let expected = 1.0 + planes.flat_map(|(_, plane)| plane).sum::<f64>();
                assert!((d_bias - expected).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn gradients_of_rows_are_slopes() {
    let mut dice = Dice::new(32);
    for (rows, columns, weighted) in [(3, 5, true), (2, 40, false), (1, 1, true), (0, 3, true)] {
        let (x, d, weight) = (
            dice.numbers(rows * columns),
            dice.numbers(rows * columns),
            dice.numbers(columns),
        );
        let weight = weighted.then_some(&weight[..]);
        let run = |x: &[f64]| {
            let (mut out, mut kept) = (vec![0.0; x.len()], vec![0.0; rows]);
            rms(columns, 0.1, x, weight, Some(&mut kept), &mut out);
            (out, kept)
        };
        let loss = |x: &[f64]| -> f64 { run(x).0.iter().zip(&d).map(|(y, d)| y * d).sum() };
        let (_, kept) = run(&x);
        let (mut d_x, mut d_weight) = (vec![f64::NAN; x.len()], vec![f64::NAN; columns]);
        rms_gradients(
            &x,
            weight,
            &kept,
            &d,
            Some(&mut d_x),
            (rows > 0).then_some((&mut d_weight[..], false)),
        );
        for (at, d_x) in d_x.iter().enumerate() {
            let moved = |by: f64| {
                let mut x = x.clone();
                x[at] += by;
                loss(&x)
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((d_x - slope).abs() < 1e-6, "{d_x} is not {slope}");
        }
        for (column, d_weight) in d_weight.iter().enumerate().filter(|_| rows > 0) {
            let each = (0..rows).map(|row| d[row * columns + column] * x[row * columns + column] * kept[row]);
            assert!((d_weight - each.sum::<f64>()).abs() < 1e-9);
        }
    }
}
