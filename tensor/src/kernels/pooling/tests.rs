//! Against the windows, element by element.

use super::*;
use crate::kernels::strided::tests::Dice;

fn line(input: usize, size: usize, stride: usize, zeros: usize, output: usize) -> Pooling {
    let along = Along {
        input,
        output,
        size,
        stride,
        before: zeros,
        after: zeros,
        dilation: 1,
    };
    Pooling {
        axes: [Axis::ONE, Axis::ONE, Axis::Windows(along)],
    }
}

/// By the definition: every element of every window.
fn naive(pooling: &Pooling, x: &[f64], mut each: impl FnMut(usize, &[usize])) {
    let Axis::Windows(along) = pooling.axes[2] else {
        panic!("a window")
    };
    for plane in 0..x.len() / along.input {
        for place in 0..along.output {
            let seen = (0..along.size).filter_map(|tap| along.at(place, tap));
            let seen: Vec<usize> = seen.map(|at| plane * along.input + at).collect();
            each(plane * along.output + place, &seen);
        }
    }
}

#[test]
fn each_is_what_it_is_defined_as() {
    let x: Vec<f64> = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3].map(f64::from).into();
    for pooling in [
        line(5, 2, 2, 0, 2),
        line(5, 3, 1, 1, 5),
        line(5, 2, 2, 0, 3),
        line(5, 5, 1, 0, 1),
    ] {
        let count = pooling.output() * 2;
        let d: Vec<f64> = (1..=count).map(|number| number as f64).collect();
        let (mut found, mut back) = (vec![0.0; count], vec![f64::NAN; 10]);
        max(&pooling, &x, &mut found);
        max_gradient(&pooling, &x, &d, &mut back);
        let mut expected = [0.0; 10];
        naive(&pooling, &x, |place, seen| {
            let largest = seen
                .iter()
                .copied()
                .reduce(|best, at| if x[at] > x[best] { at } else { best })
                .unwrap();
            assert_eq!(found[place], x[largest]);
            expected[largest] += d[place];
        });
        assert_eq!(back, expected);

        for with_zeros in [false, true] {
            mean(&pooling, with_zeros, &x, &mut found);
            mean_gradient(&pooling, with_zeros, &d, &mut back);
            let Axis::Windows(along) = pooling.axes[2] else {
                panic!("a window")
            };
            let mut expected = [0.0; 10];
            naive(&pooling, &x, |place, seen| {
                let whole = along.with_zeros(place % along.output);
                let count = if with_zeros { whole } else { seen.len() } as f64;
                assert_eq!(found[place], seen.iter().map(|&at| x[at]).sum::<f64>() / count);
                seen.iter().for_each(|&at| expected[at] += d[place] / count);
            });
            assert_eq!(back, expected);
        }
    }
}

#[test]
fn adaptive_windows_overlap_where_they_must() {
    let pooling = Pooling {
        axes: [Axis::ONE, Axis::ONE, Axis::Adaptive { input: 5, output: 3 }],
    };
    let mut out = [0.0; 3];
    mean(&pooling, true, &[1.0, 2.0, 3.0, 4.0, 5.0], &mut out);
    assert_eq!(out, [1.5, 3.0, 4.5]);
    let mut back = [0.0; 5];
    mean_gradient(&pooling, true, &[2.0, 3.0, 4.0], &mut back);
    assert_eq!(back, [1.0, 2.0, 1.0, 3.0, 2.0]);
}

#[test]
fn nan_is_larger_than_all() {
    let pooling = line(4, 2, 2, 0, 2);
    let mut out = [0.0; 2];
    max(&pooling, &[f64::NAN, 7.0, 1.0, 1.0], &mut out);
    assert!(out[0].is_nan() && out[1] == 1.0);
    let mut back = [0.0; 4];
    max_gradient(&pooling, &[f64::NAN, 7.0, 1.0, 1.0], &[1.0, 1.0], &mut back);
    assert_eq!(back, [1.0, 0.0, 1.0, 0.0]);
}

#[test]
fn places_are_of_the_first_of_several_and_of_the_last_nan() {
    let pooling = line(6, 3, 3, 0, 2);
    let mut at = [0; 2];
    places(&pooling, &[1.0, 3.0, 3.0, f32::NAN, f32::NAN, 2.0], &mut at);
    assert_eq!(at, [1, 4]);
    places(&pooling, &[f32::NEG_INFINITY; 6], &mut at);
    assert_eq!(at, [0, 3]);
    places(&pooling, &[3, 2, 1, -7, -5, -5_i64], &mut at);
    assert_eq!(at, [0, 4]);
}

#[test]
fn places_count_in_the_plane() {
    let x: Vec<i64> = (0..2 * 12).map(|index| -(index % 5)).collect();
    let mut at = [0; 2 * 4];
    let along = |input, size, stride| {
        Axis::Windows(Along {
            input,
            output: 2,
            size,
            stride,
            ..Along::ONE
        })
    };
    let axes = [Axis::ONE, along(3, 2, 1), along(4, 2, 2)];
    places(&Pooling { axes }, &x, &mut at);
    assert_eq!(at, [0, 6, 5, 10, 4, 3, 8, 10]);
}

/// Windows over two and three axes, of every kind, against each window by itself.
#[test]
fn random_poolings() {
    let mut dice = Dice::new(21);
    for _ in 0..200 {
        let mut axes = [Axis::ONE; 3];
        for axis in &mut axes[3 - (1 + dice.below(3))..] {
            let (input, size, stride, zeros) =
                (1 + dice.below(20), 1 + dice.below(4), 1 + dice.below(3), dice.below(3));
            let (zeros, dilation) = (zeros.min(size / 2), 1 + dice.below(2));
            if dice.below(4) == 0 {
                let output = 1 + dice.below(5);
                *axis = Axis::Adaptive { input, output };
            } else if input + 2 * zeros > dilation * (size - 1) {
                *axis = Axis::Windows(Along {
                    input,
                    output: (input + 2 * zeros - dilation * (size - 1) - 1) / stride + 1,
                    size,
                    stride,
                    before: zeros,
                    after: zeros,
                    dilation,
                });
            }
        }
        let pooling = Pooling { axes };
        let planes = dice.below(4);
        // Few different numbers, and some that are none.
        let number = |_| match dice.below(12) {
            0 => f32::NAN,
            1 => f32::NEG_INFINITY,
            number => number as f32,
        };
        let x: Vec<f32> = (0..planes * pooling.input()).map(number).collect();
        let count = planes * pooling.output();
        let d: Vec<f32> = (1..=count).map(|number| number as f32).collect();
        let (mut found, mut back) = (vec![0.0; count], vec![f32::NAN; x.len()]);
        max(&pooling, &x, &mut found);
        max_gradient(&pooling, &x, &d, &mut back);
        let mut expected = vec![0.0; x.len()];
        each_window(&pooling, planes, |number, seen, _| {
            let takes = |best: usize, at: usize| if x[at] > x[best] || x[at].is_nan() { at } else { best };
            match seen.iter().copied().reduce(takes) {
                Some(largest) => {
                    assert_eq!(found[number].to_bits(), x[largest].to_bits(), "{pooling:?}");
                    expected[largest] += d[number];
                }
                None => assert_eq!(found[number], f32::NEG_INFINITY),
            }
        });
        assert_eq!(back, expected, "{pooling:?}");

        let x: Vec<f32> = x.into_iter().map(|x| if x.is_finite() { x } else { 0.5 }).collect();
        for with_zeros in [false, true] {
            mean(&pooling, with_zeros, &x, &mut found);
            mean_gradient(&pooling, with_zeros, &d, &mut back);
            let mut expected = vec![0.0; x.len()];
            each_window(&pooling, planes, |number, seen, counts| {
                let divisor = if with_zeros { counts } else { seen.len() } as f32;
                let sum: f32 = seen.iter().map(|&at| x[at]).sum();
                if divisor > 0.0 {
                    assert!((found[number] - sum / divisor).abs() < 1e-4, "{pooling:?}");
                    seen.iter().for_each(|&at| expected[at] += d[number] / divisor);
                }
            });
            for (found, expected) in back.iter().zip(&expected) {
                assert!((found - expected).abs() <= 1e-5 * (1.0 + expected.abs()), "{pooling:?}");
            }
        }
    }
}

/// Calls with each window of each plane: its number, what it sees, and how many elements it has with the zeros around.
fn each_window(pooling: &Pooling, planes: usize, mut each: impl FnMut(usize, &[usize], usize)) {
    let [depth, height, width] = &pooling.axes;
    let mut number = 0;
    for plane in 0..planes {
        for z in 0..depth.output() {
            for y in 0..height.output() {
                for x in 0..width.output() {
                    let mut seen = Vec::new();
                    for z in depth.window(z).places() {
                        for y in height.window(y).places() {
                            for x in width.window(x).places() {
                                let row = (plane * depth.input() + z) * height.input() + y;
                                seen.push(row * width.input() + x);
                            }
                        }
                    }
                    let counts = depth.count(z, true) * height.count(y, true) * width.count(x, true);
                    each(number, &seen, counts);
                    number += 1;
                }
            }
        }
    }
}
