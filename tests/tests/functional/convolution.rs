//! Convolution against seven loops.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{Convolution, Padding, TransposedConvolution, conv_transpose2d, conv1d, conv2d, conv3d};
use tensor::{Dynamic, Tensor, f16};

use crate::{assert_near, assert_refused, doubles, numbers, whole};

/// The convolution as it is defined.
fn naive(x: &Tensor<Dynamic, f64>, w: &Tensor<Dynamic, f64>, options: Convolution<2>) -> Vec<f64> {
    let ([n, _, height, width], [outputs, channels, rows, columns]) = (four(x), four(w));
    let (data, weights) = (doubles(x), doubles(w));
    let before = |axis: usize, kernel: usize| match options.padding {
        Padding::Valid => (0, 0),
        Padding::Each(zeros) => (zeros[axis], zeros[axis]),
        Padding::Same => {
            let all = options.dilation[axis] * (kernel - 1);
            (all / 2, all - all / 2)
        }
    };
    let positions = |axis: usize, size: usize, kernel: usize| {
        let (before, after) = before(axis, kernel);
        (size + before + after - options.dilation[axis] * (kernel - 1) - 1) / options.stride[axis] + 1
    };
    let place = |axis: usize, position: usize, tap: usize, kernel: usize, size: usize| {
        let place = position * options.stride[axis] + tap * options.dilation[axis];
        place.checked_sub(before(axis, kernel).0).filter(|&place| place < size)
    };
    let mut out = Vec::new();
    for image in 0..n {
        for output in 0..outputs {
            let group = output / (outputs / options.groups);
            for i in 0..positions(0, height, rows) {
                for j in 0..positions(1, width, columns) {
                    let mut sum = 0.0;
                    for channel in 0..channels {
                        for a in 0..rows {
                            for b in 0..columns {
                                let (y, x) = (place(0, i, a, rows, height), place(1, j, b, columns, width));
                                if let (Some(y), Some(x)) = (y, x) {
                                    let from = group * channels + channel;
                                    let plane = image * channels * options.groups + from;
                                    let weight = ((output * channels + channel) * rows + a) * columns + b;
                                    sum += data[(plane * height + y) * width + x] * weights[weight];
                                }
                            }
                        }
                    }
                    out.push(sum);
                }
            }
        }
    }
    out
}

fn four(x: &Tensor<Dynamic, f64>) -> [usize; 4] {
    x.sizes().try_into().expect("four axes")
}

/// Options, with the sizes of input and kernel.
fn table() -> Vec<([usize; 4], [usize; 4], Convolution<2>)> {
    let plain = Convolution::default();
    vec![
        ([2, 3, 5, 6], [4, 3, 3, 2], plain),
        ([1, 1, 1, 1], [1, 1, 1, 1], plain),
        (
            [2, 4, 7, 5],
            [6, 2, 3, 3],
            Convolution {
                groups: 2,
                padding: 1.into(),
                ..plain
            },
        ),
        (
            [3, 4, 6, 6],
            [4, 1, 2, 2],
            Convolution {
                groups: 4,
                stride: [2, 3],
                ..plain
            },
        ),
        (
            [2, 2, 8, 7],
            [3, 2, 2, 3],
            Convolution {
                dilation: [3, 2],
                padding: [2, 1].into(),
                ..plain
            },
        ),
        (
            [2, 2, 5, 6],
            [3, 2, 4, 2],
            Convolution {
                padding: Padding::Same,
                dilation: [1, 3],
                ..plain
            },
        ),
        ([2, 5, 4, 4], [3, 5, 1, 1], plain),
        (
            [2, 5, 4, 4],
            [3, 5, 1, 1],
            Convolution {
                stride: [2, 2],
                ..plain
            },
        ),
    ]
}

#[test]
fn it_is_the_sum_of_its_definition() {
    for (index, (input, kernel, options)) in table().into_iter().enumerate() {
        let (x, w) = (numbers::<f64>(&input, index), numbers::<f64>(&kernel, index + 50));
        let out = conv2d(&x, &w, None, options).expect("sizes that fit");
        assert_near(&out, &naive(&x, &w, options), 1e-12);
    }
}

#[test]
fn several_products_make_one_batch() {
    // 23,328 columns an image: eleven images take part in one product, and two in the next.
    let (x, w) = (numbers::<f64>(&[13, 8, 20, 20], 1), numbers::<f64>(&[4, 8, 3, 3], 2));
    let out = conv2d(&x, &w, None, Convolution::default()).expect("sizes that fit");
    assert_near(&out, &naive(&x, &w, Convolution::default()), 1e-12);
    // The gradients, by what a sum over all of the output leaves of them.
    let data = doubles(&x);
    let (x, w) = (x.requires_grad(), w.requires_grad());
    conv2d(&x, &w, None, Convolution::default())
        .expect("sizes that fit")
        .sum()
        .backward();
    let (d_x, d_w) = (x.grad().expect("tracked"), w.grad().expect("tracked"));
    let corner: f64 = (0..4).map(|output| doubles(&w.detach())[output * 72]).sum();
    assert!((doubles(&d_x.into_dynamic())[0] - corner).abs() < 1e-12);
    let seen: f64 = (0..13)
        .flat_map(|image| (0..18).flat_map(move |i| (0..18).map(move |j| (image * 8 * 20 + i) * 20 + j)))
        .map(|place| data[place])
        .sum();
    assert!((doubles(&d_w.into_dynamic())[0] - seen).abs() < 1e-9);
}

#[test]
fn strided_inputs_are_read_as_they_lie() {
    let flipped = |sizes: &[usize]| {
        let x = numbers::<f64>(sizes, 3).transpose(0, 3);
        x.and_then(|x| x.transpose(1, 2)).expect("four axes")
    };
    let (x, w) = (flipped(&[6, 5, 3, 2]), flipped(&[3, 4, 3, 2]));
    for padding in [0, 1] {
        let options = Convolution {
            padding: padding.into(),
            ..Convolution::default()
        };
        let out = conv2d(&x, &w, None, options).expect("sizes that fit");
        assert_near(&out, &naive(&x, &w, options), 1e-12);
    }
}

#[test]
fn gradients_of_first_and_second_order() {
    for (index, (input, kernel, options)) in table().into_iter().enumerate() {
        let (x, w) = (numbers::<f64>(&input, index), numbers::<f64>(&kernel, index + 50));
        let f = |of: &[Tensor<Dynamic, f64>]| conv2d(&of[0], &of[1], None, options);
        gradcheck(f, &[&x, &w], Tolerance::default()).expect("gradients of first order");
    }
    let (input, kernel, options) = table()[2];
    let (x, w) = (numbers::<f64>(&input, 1), numbers::<f64>(&kernel, 2));
    let f = |of: &[Tensor<Dynamic, f64>]| conv2d(&of[0], &of[1], None, options);
    gradgradcheck(f, &[&x, &w], Tolerance::default()).expect("gradients of second order");
    let options = TransposedConvolution {
        stride: [2, 1],
        padding: [1, 0],
        output_padding: [1, 0],
        groups: 2,
        ..Default::default()
    };
    let (x, w) = (numbers::<f64>(&[2, 4, 3, 2], 1), numbers::<f64>(&[4, 2, 3, 2], 2));
    let f = |of: &[Tensor<Dynamic, f64>]| conv_transpose2d(&of[0], &of[1], None, options);
    gradcheck(f, &[&x, &w], Tolerance::default()).expect("gradients of first order");
    gradgradcheck(f, &[&x, &w], Tolerance::default()).expect("gradients of second order");
}

#[test]
fn the_transposed_one_is_the_adjoint() {
    let options = Convolution {
        stride: [2, 3],
        padding: [1, 2].into(),
        dilation: [2, 1],
        groups: 2,
    };
    let transposed = TransposedConvolution {
        stride: [2, 3],
        padding: [1, 2],
        output_padding: [0, 2],
        dilation: [2, 1],
        groups: 2,
    };
    let (x, w) = (numbers::<f64>(&[2, 4, 9, 9], 1), numbers::<f64>(&[6, 2, 3, 2], 2));
    let y = conv2d(&x, &w, None, options).expect("sizes that fit");
    let d = numbers::<f64>(y.sizes(), 3);
    let back = conv_transpose2d(&d, &w, None, transposed).expect("sizes that fit");
    let dot = |a: &Tensor<Dynamic, f64>, b: &Tensor<Dynamic, f64>| -> f64 {
        doubles(a).iter().zip(doubles(b)).map(|(a, b)| a * b).sum()
    };
    assert_eq!(back.sizes(), x.sizes());
    assert!((dot(&y, &d) - dot(&x, &back)).abs() < 1e-10);
}

#[test]
fn small_and_whole_elements() {
    let (x, w) = (whole::<f64>(&[2, 3, 6, 6], 1), whole::<f64>(&[4, 3, 3, 3], 2));
    let expected = naive(&x, &w, Convolution::default());
    let half = conv2d(&x.cast::<f16>(), &w.cast::<f16>(), None, Convolution::default());
    assert_near(&half.expect("sizes that fit"), &expected, 0.0);
    let integers = conv2d(&x.cast::<i32>(), &w.cast::<i32>(), None, Convolution::default());
    assert_near(&integers.expect("sizes that fit"), &expected, 0.0);
}

#[test]
fn empty_batches_and_channels() {
    let w = numbers::<f32>(&[4, 3, 3, 3], 1).requires_grad();
    let x = numbers::<f32>(&[0, 3, 6, 6], 1).requires_grad();
    let out = conv2d(&x, &w, None, Convolution::default()).expect("sizes that fit");
    assert_eq!(out.sizes(), [0, 4, 4, 4]);
    out.sum().backward();
    assert_eq!(w.grad().expect("tracked").to_vec().expect("computed"), [0.0; 108]);
    let (x, w) = (numbers::<f32>(&[2, 0, 4, 4], 1), numbers::<f32>(&[2, 0, 3, 3], 1));
    let out = conv2d(&x, &w, None, Convolution::default()).expect("sizes that fit");
    assert_eq!(out.to_vec().expect("computed"), [0.0; 16]);
    let out = conv_transpose2d(&x, &numbers(&[0, 2, 3, 3], 1), None, TransposedConvolution::default());
    assert_eq!(out.expect("sizes that fit").to_vec().expect("computed"), [0.0; 144]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let (x, w) = (numbers::<f32>(&[2, 4, 6, 6], 1), numbers::<f32>(&[4, 4, 3, 3], 1));
    let plain = Convolution::default();
    let refused = |options, words| assert_refused(conv2d(&x, &w, None, options), words);
    refused(Convolution { groups: 0, ..plain }, "`groups`: expected 1 or more");
    refused(Convolution { groups: 2, ..plain }, "an input of 8 channels");
    refused(Convolution { groups: 3, ..plain }, "3 groups");
    refused(
        Convolution {
            stride: [0, 1],
            ..plain
        },
        "`stride`",
    );
    refused(
        Convolution {
            dilation: [1, 0],
            ..plain
        },
        "`dilation`",
    );
    refused(
        Convolution {
            dilation: [3, 1],
            ..plain
        },
        "fits in",
    );
    refused(
        Convolution {
            dilation: [usize::MAX, 1],
            ..plain
        },
        "fits in memory",
    );
    refused(
        Convolution {
            padding: usize::MAX.into(),
            ..plain
        },
        "fits in",
    );
    refused(
        Convolution {
            padding: (usize::MAX / 4).into(),
            ..plain
        },
        "fit into memory",
    );
    refused(
        Convolution {
            padding: Padding::Same,
            stride: [2, 2],
            ..plain
        },
        "where the stride is not 1",
    );
    assert_refused(conv2d(&x, &w, Some(&numbers(&[3], 1)), plain), "a bias of [4]");
    assert_refused(
        conv1d(&x, &w, None, Convolution::default()),
        "`conv1d`: expected an input of 2 axes",
    );
    assert_refused(
        conv3d(&x, &w, None, Convolution::default()),
        "`conv3d`: expected a weight of 5 axes",
    );
    let transposed = TransposedConvolution::default();
    let refused = |options, words| assert_refused(conv_transpose2d(&x, &w, None, options), words);
    refused(
        TransposedConvolution {
            output_padding: [1, 0],
            ..transposed
        },
        "less than the stride",
    );
    refused(
        TransposedConvolution {
            padding: [4, 0],
            ..transposed
        },
        "makes an output of",
    );
    refused(
        TransposedConvolution {
            stride: [usize::MAX, 1],
            ..transposed
        },
        "makes an output of",
    );
    refused(
        TransposedConvolution {
            stride: [1 << 60, 1],
            ..transposed
        },
        "fit into memory",
    );
}
