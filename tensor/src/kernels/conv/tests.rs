//! Each against its sum, written as it is defined.

use super::*;
use crate::kernels::scratch::with_slice;
use crate::kernels::strided::tests::Dice;

fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let number = |index: u64| ((index * 2_654_435_761 + seed * 97) % 1000) as f64 / 500.0 - 1.0;
    (0..count as u64).map(number).collect()
}

fn along(input: usize, size: usize, stride: usize, zeros: [usize; 2], dilation: usize) -> Along {
    let [before, after] = zeros;
    let output = (input + before + after - dilation * (size - 1) - 1) / stride + 1;
    Along {
        input,
        output,
        size,
        stride,
        before,
        after,
        dilation,
    }
}

fn geometries() -> Vec<Geometry> {
    let mut all = Vec::new();
    for (images, groups, inputs, outputs) in [(1, 1, 1, 1), (2, 1, 3, 2), (3, 2, 2, 3), (0, 1, 1, 2), (1, 4, 1, 2)] {
        for axes in [
            [Along::ONE; 3],
            [Along::ONE, along(5, 3, 1, [0, 0], 1), along(7, 2, 2, [1, 1], 1)],
            [
                along(3, 2, 1, [1, 0], 1),
                along(4, 3, 3, [2, 2], 1),
                along(17, 3, 1, [1, 2], 2),
            ],
            [Along::ONE, Along::ONE, along(9, 9, 1, [0, 0], 1)],
        ] {
            all.push(Geometry {
                images,
                groups,
                inputs,
                outputs,
                axes,
            });
        }
    }
    all
}

/// Calls with the places of `x`, `w` and `y` of every product.
fn products(geometry: &Geometry, mut product: impl FnMut(usize, usize, usize)) {
    let Geometry {
        images,
        groups,
        inputs,
        outputs,
        axes,
    } = *geometry;
    let each = |sizes: [usize; 3]| {
        (0..sizes[0]).flat_map(move |z| (0..sizes[1]).flat_map(move |y| (0..sizes[2]).map(move |x| [z, y, x])))
    };
    let flat = |place: [usize; 3], sizes: [usize; 3]| (place[0] * sizes[1] + place[1]) * sizes[2] + place[2];
    let (input, output, size) = (axes.map(|a| a.input), axes.map(|a| a.output), axes.map(|a| a.size));
    for image in 0..images {
        for o in 0..groups * outputs {
            for c in 0..inputs {
                for place in each(output) {
                    for tap in each(size) {
                        let at: Vec<Option<usize>> = (0..3).map(|axis| axes[axis].at(place[axis], tap[axis])).collect();
                        if let [Some(z), Some(y), Some(x)] = at[..] {
                            let channel = (image * groups + o / outputs) * inputs + c;
                            product(
                                channel * geometry.input() + flat([z, y, x], input),
                                (o * inputs + c) * geometry.taps() + flat(tap, size),
                                (image * groups * outputs + o) * geometry.output() + flat(place, output),
                            );
                        }
                    }
                }
            }
        }
    }
}

fn sizes(geometry: &Geometry) -> [usize; 3] {
    let (inputs, outputs) = (geometry.groups * geometry.inputs, geometry.groups * geometry.outputs);
    [
        geometry.images * inputs * geometry.input(),
        outputs * geometry.inputs * geometry.taps(),
        geometry.images * outputs * geometry.output(),
    ]
}

#[track_caller]
fn assert_close<T: Real>(geometry: &Geometry, found: &[T], expected: &[f64], scale: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let tolerance = T::EPSILON.to_f64() * scale * (4.0 + expected.abs());
        assert!(
            (found.to_f64() - expected).abs() <= tolerance,
            "{found} is not {expected}: {geometry:?}"
        );
    }
}

/// Fills the space that this thread keeps with what is no number.
fn poison(depth: usize) {
    if depth > 0 {
        with_slice::<f64, _>(1 << 16, |space| {
            space.fill(f64::NAN);
            poison(depth - 1);
        });
    }
}

fn check<T: Real>(geometry: &Geometry) {
    poison(4);
    let [x_len, w_len, y_len] = sizes(geometry);
    let make = |count, seed| -> Vec<T> { numbers(count, seed).into_iter().map(T::from_f64).collect() };
    let (x, w, d) = (make(x_len, 1), make(w_len, 2), make(y_len, 3));
    let (bias, back) = (
        make(geometry.groups * geometry.outputs, 4),
        make(geometry.groups * geometry.inputs, 5),
    );
    let [x64, w64, d64] = [&x, &w, &d].map(|x| x.iter().map(|x| x.to_f64()).collect::<Vec<f64>>());
    // Of sums of so many products.
    let scale = |count: usize| 4.0 + count as f64;

    let mut expected: Vec<f64> = (0..y_len)
        .map(|place| bias[place / geometry.output() % bias.len()].to_f64())
        .collect();
    products(geometry, |x_at, w_at, y_at| expected[y_at] += x64[x_at] * w64[w_at]);
    let mut found = vec![T::NAN; y_len];
    forward(geometry, &x, &w, Some(&bias), &mut found);
    let along = scale(geometry.inputs * geometry.taps());
    assert_close(geometry, &found, &expected, along);

    let mut expected: Vec<f64> = (0..x_len)
        .map(|place| back[place / geometry.input() % back.len()].to_f64())
        .collect();
    products(geometry, |x_at, w_at, y_at| expected[x_at] += d64[y_at] * w64[w_at]);
    let mut found = vec![T::NAN; x_len];
    input_gradient(geometry, &d, &w, Some(&back), &mut found);
    assert_close(geometry, &found, &expected, scale(geometry.outputs * geometry.taps()));

    let mut expected = vec![0.0; w_len];
    products(geometry, |x_at, w_at, y_at| expected[w_at] += d64[y_at] * x64[x_at]);
    let mut found = vec![T::NAN; w_len];
    weight_gradient(geometry, &d, &x, &mut found, false);
    let along = scale(geometry.images * geometry.output());
    assert_close(geometry, &found, &expected, along);
    weight_gradient(geometry, &d, &x, &mut found, true);
    let twice: Vec<f64> = expected.iter().map(|number| 2.0 * number).collect();
    assert_close(geometry, &found, &twice, 2.0 * along);
}

#[test]
fn each_is_the_sum_that_it_is_defined_as() {
    for geometry in geometries() {
        check::<f64>(&geometry);
        check::<f32>(&geometry);
    }
}

#[test]
fn random_convolutions() {
    let mut dice = Dice::new(7);
    for _ in 0..300 {
        let rank = 1 + dice.below(3);
        let mut axes = [Along::ONE; 3];
        for axis in &mut axes[3 - rank..] {
            let (input, size, stride) = (1 + dice.below(9), 1 + dice.below(4), 1 + dice.below(3));
            let (zeros, dilation) = ([dice.below(3), dice.below(3)], 1 + dice.below(3));
            if input + zeros[0] + zeros[1] > dilation * (size - 1) {
                *axis = along(input, size, stride, zeros, dilation);
            }
        }
        let geometry = Geometry {
            images: dice.below(4),
            groups: 1 + dice.below(3),
            inputs: 1 + dice.below(4),
            outputs: 1 + dice.below(8),
            axes,
        };
        check::<f64>(&geometry);
        check::<f32>(&geometry);
    }
}

#[test]
fn convolutions_of_more_than_a_piece() {
    let square = |size: usize, kernel: usize, stride: usize, zeros: usize| {
        let axis = along(size, kernel, stride, [zeros; 2], 1);
        [Along::ONE, axis, axis]
    };
    let of = |images, groups, inputs, outputs, axes| Geometry {
        images,
        groups,
        inputs,
        outputs,
        axes,
    };
    for geometry in [
        // Cut by rows, and an image that is a row.
        of(2, 1, 3, 4, square(90, 3, 1, 1)),
        of(1, 1, 3, 2, square(101, 7, 2, 3)),
        of(1, 1, 1, 2, [Along::ONE, Along::ONE, along(9000, 5, 1, [2, 2], 1)]),
        // Few pieces of many rows, and many images.
        of(1, 1, 40, 60, square(6, 3, 1, 1)),
        of(70, 1, 2, 3, square(8, 3, 1, 0)),
        // Channel by channel, and channels that become several.
        of(2, 20, 1, 1, square(30, 3, 1, 1)),
        of(2, 7, 1, 2, square(11, 3, 2, 1)),
        // Some places, of which none is seen; and planes of planes.
        of(2, 1, 2, 20, square(16, 1, 2, 0)),
        of(
            1,
            1,
            2,
            3,
            [
                along(9, 3, 1, [1, 1], 1),
                along(20, 3, 1, [1, 1], 1),
                along(20, 3, 1, [1, 1], 1),
            ],
        ),
        // No channels.
        of(2, 1, 0, 2, square(4, 3, 1, 1)),
        of(2, 1, 2, 0, square(4, 3, 1, 1)),
    ] {
        check::<f32>(&geometry);
    }
}

#[test]
fn a_bias_takes_the_sum_of_its_channel() {
    let mut sums = [10.0, 20.0];
    bias_gradient(2, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &mut sums, true);
    assert_eq!(sums, [24.0, 42.0]);
    bias_gradient::<f64>(0, 2, &[], &mut sums, false);
    assert_eq!(sums, [0.0, 0.0]);
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    let axes = [Along::ONE, along(40, 3, 1, [1, 1], 1), along(40, 3, 1, [1, 1], 1)];
    let geometry = Geometry {
        images: 3,
        groups: 1,
        inputs: 4,
        outputs: 5,
        axes,
    };
    let [x_len, w_len, y_len] = sizes(&geometry);
    let single = |numbers: Vec<f64>| numbers.into_iter().map(|number| number as f32).collect::<Vec<_>>();
    let (x, w, d) = (
        single(numbers(x_len, 1)),
        single(numbers(w_len, 2)),
        single(numbers(y_len, 3)),
    );
    let results = crate::threads::tests::with_each_count(|| {
        let (mut y, mut d_x, mut d_w) = (vec![0.0; y_len], vec![0.0; x_len], vec![0.0; w_len]);
        forward(&geometry, &x, &w, None, &mut y);
        input_gradient(&geometry, &d, &w, None, &mut d_x);
        weight_gradient(&geometry, &d, &x, &mut d_w, false);
        [y, d_x, d_w]
    });
    assert_eq!(results.len(), 1);
}
