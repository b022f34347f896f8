//! Sizes of 0 and 1, strided inputs, borders of all kinds.

use tensor::dynamic::{
    AdaptiveAvgPool2d, AvgPool2d, Conv1d, Conv2d, ConvOptions, ConvTranspose2d, ConvTransposeOptions, Embedding,
    EmbeddingOptions, GroupNorm, Layer, LpPool1d, MaxPool2d, PaddingMode, PixelShuffle, ReflectionPad2d, Upsample,
    UpsampleTo,
};
use tensor::functional::{Interpolate, Interpolation, Padding};
use tensor::prelude::*;

use crate::{Values, cpu, values};

#[test]
fn a_batch_may_be_empty_or_missing() {
    let conv = Conv2d::new(&cpu(), Seed(0), 2, 3, 3).expect("room");
    let back = ConvTranspose2d::new(&cpu(), Seed(0), 2, 3, 3).expect("room");
    let cases: [(&dyn Layer, &[usize]); 7] = [
        (&conv, &[3, 4, 4]),
        (&back, &[3, 8, 8]),
        (&MaxPool2d::new(2), &[2, 3, 3]),
        (&AvgPool2d::new(2), &[2, 3, 3]),
        (&AdaptiveAvgPool2d::new(1), &[2, 1, 1]),
        (&ReflectionPad2d::new(1), &[2, 8, 8]),
        (&ReflectionPad2d::new([0, 1, 2, 3]), &[2, 11, 7]),
    ];
    for (layer, expected) in cases {
        let forward = |sizes: &[usize]| layer.forward(&values(sizes, 0)).expect("sizes that fit");
        let alone = forward(&[2, 6, 6]);
        assert_eq!(alone.sizes(), expected, "{layer:?}");
        for batch in [0, 1, 3] {
            assert_eq!(
                forward(&[batch, 2, 6, 6]).sizes(),
                [&[batch], expected].concat(),
                "{layer:?}"
            );
        }
        let one = values(&[2, 6, 6], 0).unsqueeze(0).expect("an axis");
        let one = layer
            .forward(&one)
            .and_then(|out| out.squeeze_axis(0))
            .expect("sizes that fit");
        assert_eq!(one, alone, "{layer:?}");
    }
}

#[test]
fn strided_inputs_give_the_same() {
    let conv = Conv2d::new(&cpu(), Seed(0), 2, 3, 3).expect("room");
    let norm = GroupNorm::new(&cpu(), 2, 2).expect("room");
    let layers: [&dyn Layer; 4] = [&conv, &norm, &MaxPool2d::new(2), &PixelShuffle::new(1)];
    let turned = values(&[5, 6, 2, 3], 1).permute(&[3, 2, 1, 0]).expect("all axes");
    let straight = Values::from_vec(turned.to_vec().expect("numbers"), turned.sizes()).expect("as many");
    for layer in layers {
        let out = |x: &Values| layer.forward(x).expect("sizes that fit").to_vec().expect("numbers");
        assert_eq!(out(&turned), out(&straight), "{layer:?}");
    }
}

#[test]
fn padding_of_a_convolution_may_be_of_the_input() {
    let x = Values::from_vec(vec![1., 2., 3., 4.], &[1, 1, 4]).expect("as many");
    let cases: [(PaddingMode, [f32; 4]); 4] = [
        (PaddingMode::Zeros, [3., 6., 9., 7.]),
        (PaddingMode::Reflect, [5., 6., 9., 10.]),
        (PaddingMode::Replicate, [4., 6., 9., 11.]),
        (PaddingMode::Circular, [7., 6., 9., 8.]),
    ];
    for (padding_mode, expected) in cases {
        for padding in [Padding::Same, 1.into()] {
            let options = ConvOptions {
                padding,
                padding_mode,
                bias: false,
                ..Default::default()
            };
            let mut layer = Conv1d::with(&cpu(), Seed(0), 1, 1, 3, options).expect("room");
            layer
                .weight
                .set(&Tensor::ones_of(&[1, 1, 3]).expect("room"))
                .expect("three numbers");
            let y = layer.forward(&x).expect("sizes that fit");
            assert_eq!(y.to_vec().expect("numbers"), expected, "{padding_mode:?} {padding:?}");
        }
    }
}

#[test]
fn an_even_kernel_has_the_odd_padding_behind() {
    let options = ConvOptions {
        padding: Padding::Same,
        padding_mode: PaddingMode::Replicate,
        bias: false,
        ..Default::default()
    };
    let mut layer = Conv1d::with(&cpu(), Seed(0), 1, 1, 2, options).expect("room");
    layer
        .weight
        .set(&Tensor::ones_of(&[1, 1, 2]).expect("room"))
        .expect("two numbers");
    let x = Values::from_vec(vec![1., 2., 3.], &[1, 1, 3]).expect("as many");
    assert_eq!(
        layer.forward(&x).expect("sizes that fit").to_vec().expect("numbers"),
        [3., 5., 6.]
    );
}

#[test]
fn a_transposed_convolution_gives_back_the_sizes() {
    for stride in 1..4 {
        let options = ConvOptions {
            stride: [stride; 2],
            padding: 1.into(),
            ..Default::default()
        };
        let conv = Conv2d::with(&cpu(), Seed(0), 1, 2, 3, options).expect("room");
        let y = conv.forward(&values(&[1, 1, 9, 10], 0)).expect("sizes that fit");
        let output_padding = [(9 - 1) % stride, (10 - 1) % stride];
        let options = ConvTransposeOptions {
            stride: [stride; 2],
            padding: [1; 2],
            output_padding,
            ..Default::default()
        };
        let back = ConvTranspose2d::with(&cpu(), Seed(0), 2, 1, 3, options).expect("room");
        assert_eq!(back.forward(&y).expect("sizes that fit").sizes(), [1, 1, 9, 10]);
    }
}

#[test]
fn long_rows_of_a_table_are_shortened_where_they_are_taken() {
    let options = EmbeddingOptions {
        max_norm: Some(1.0),
        ..Default::default()
    };
    let mut table = Embedding::with(&cpu(), Seed(0), 3, 2, options).expect("room");
    table
        .weight
        .set(&Values::from_vec(vec![3., 4., 0.3, 0.4, 6., 8.], &[3, 2]).expect("as many"))
        .expect("six");
    let index = Tensor::<Dynamic, i64>::from_vec(vec![0, 1, 0], &[3]).expect("three");
    let rows = table.forward(&index).expect("rows that there are");
    let close = |found: &Values, expected: &[f32]| {
        let found = found.to_vec().expect("numbers");
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(found, expected)| (found - expected).abs() < 1e-6),
            "{found:?}"
        );
    };
    close(&rows, &[0.6, 0.8, 0.3, 0.4, 0.6, 0.8]);
    close(&table.weight, &[0.6, 0.8, 0.3, 0.4, 6., 8.]);
    rows.sum().backward();
    close(&table.weight.grad().expect("a gradient"), &[2., 2., 1., 1., 0., 0.]);
    let nothing = Tensor::<Dynamic, i64>::from_vec(vec![], &[0, 4]).expect("none");
    assert_eq!(table.forward(&nothing).expect("no rows").sizes(), [0, 4, 2]);
}

#[test]
fn powers_of_windows_may_be_infinite() {
    let x = Values::from_vec(vec![-3., 1., 0.5, -2.], &[1, 4]).expect("as many");
    let out = |p: f64| {
        LpPool1d::new(p, 2)
            .forward(&x)
            .expect("sizes that fit")
            .to_vec()
            .expect("numbers")
    };
    assert_eq!(out(f64::INFINITY), [3., 2.]);
    assert_eq!(out(f64::NEG_INFINITY), [1., 0.5]);
    assert_eq!(out(1.), [-2., -1.5]);
    assert!(LpPool1d::new(0., 2).forward(&x).is_err());
}

#[test]
fn sizes_grow_by_factors_or_to_sizes() {
    let x = values(&[1, 2, 3, 4], 0);
    let options = Interpolate {
        mode: Interpolation::Linear,
        ..Default::default()
    };
    let by = Upsample::with(UpsampleTo::Factors(vec![2., 1.5]), options);
    assert_eq!(by.forward(&x).expect("sizes that fit").sizes(), [1, 2, 6, 6]);
    let to = Upsample::new(UpsampleTo::Sizes(vec![5, 1]));
    assert_eq!(to.forward(&x).expect("sizes that fit").sizes(), [1, 2, 5, 1]);
    assert!(Upsample::new(UpsampleTo::Sizes(vec![0])).forward(&x).is_err());
}
