//! Windows on axes: each rule against the layer that it is for.

use tensor::functional::{
    AvgPool, Convolution, MaxPool, TransposedConvolution, avg_pool2d, conv_transpose1d, conv_transpose2d, conv1d,
    conv2d, max_pool1d, max_pool2d,
};
use tensor::prelude::*;
use tensor::shape::{Covered, StaticDim, Windows};

/// What rule and layer make of one axis.
macro_rules! windows {
    ($($n:literal $k:literal $s:literal $p:literal $d:literal;)*) => {
        $({
            type Counted = <dim![$n] as Windows<dim![$k], dim![$s], dim![$p], dim![$d]>>::Output;
            type Ceil = <dim![$n] as Windows<dim![$k], dim![$s], dim![$p], dim![$d]>>::Ceil;
            let x = Tensor::<Dynamic>::full_of(1.0, &[1, 1, $n]).unwrap();
            let weight = Tensor::<Dynamic>::full_of(1.0, &[1, 1, $k]).unwrap();
            let options = Convolution { stride: [$s], padding: $p.into(), dilation: [$d], groups: 1 };
            let out = conv1d(&x, &weight, None, options).unwrap();
            assert_eq!(out.sizes()[2], Counted::SIZE, "{:?}", [$n, $k, $s, $p, $d]);
            if 2 * $p <= $k {
                let options = MaxPool { stride: Some([$s]), padding: [$p], dilation: [$d], ceil_mode: true };
                if let Ok(out) = max_pool1d(&x, $k, options) {
                    assert_eq!(out.sizes()[2], Ceil::SIZE, "{:?}, ceil", [$n, $k, $s, $p, $d]);
                }
            }
        })*
    };
}

#[test]
fn windows_are_counted_as_the_layers_count_them() {
    windows! {
        1 1 1 0 1; 2 1 1 0 1; 7 3 1 0 1; 7 3 1 1 1; 7 3 2 0 1; 7 3 2 1 1; 8 3 2 1 1; 9 3 2 1 1; 8 2 2 0 1; 9 2 2 0 1;
        10 3 3 1 1; 11 3 3 1 1; 12 3 3 1 1; 10 3 1 0 2; 10 3 1 2 2; 10 3 2 1 3; 5 5 1 0 1; 5 5 4 2 1; 28 5 1 2 1;
        224 7 2 3 1; 112 3 2 1 1; 7 7 7 0 1; 3 3 5 1 1; 6 2 4 1 1; 2 2 3 1 1; 4 1 3 0 1; 5 1 3 0 1; 6 1 3 0 1;
    }
}

macro_rules! covered {
    ($($n:literal $k:literal $s:literal $p:literal $d:literal $q:literal;)*) => {
        $({
            type Counted = <dim![$n] as Covered<dim![$k], dim![$s], dim![$p], dim![$d], dim![$q]>>::Output;
            let x = Tensor::<Dynamic>::full_of(1.0, &[1, 1, $n]).unwrap();
            let weight = Tensor::<Dynamic>::full_of(1.0, &[1, 1, $k]).unwrap();
            let options = TransposedConvolution {
                stride: [$s],
                padding: [$p],
                output_padding: [$q],
                dilation: [$d],
                groups: 1,
            };
            let out = conv_transpose1d(&x, &weight, None, options).unwrap();
            assert_eq!(out.sizes()[2], Counted::SIZE, "{:?}", [$n, $k, $s, $p, $d, $q]);
        })*
    };
}

#[test]
fn transposed_convolutions_are_as_large_as_the_rule_says() {
    covered! {
        1 1 1 0 1 0; 4 3 1 0 1 0; 4 3 1 1 1 0; 4 3 2 1 1 0; 4 3 2 1 1 1; 4 2 2 0 1 0; 5 3 3 1 1 2; 5 3 1 2 2 1; 7 4 2 1 1 0;
        3 1 3 0 1 2; 14 4 2 1 1 0;
    }
}

#[test]
fn layers_of_images_have_the_shape_of_their_rule() {
    let image = Tensor::<dims![2, 3, 9, 8]>::ones();
    let kernel = Tensor::<dims![4, 3, 3, 2]>::ones();
    let bias = tensor![0., 1., 2., 3.];
    let out: Tensor<dims![2, 4, 5, 4]> = image.conv2d::<_, dims![2, 2], dims![1, 0], dims![1, 1]>(&kernel, Some(&bias));
    assert_eq!(out.sizes(), [2, 4, 5, 4]);
    let back: Tensor<dims![2, 3, 9, 8]> =
        out.conv_transpose2d::<_, dims![2, 2], dims![1, 0], dims![1, 1], dims![0, 0]>(&kernel, None);
    assert_eq!(back.sizes(), [2, 3, 9, 8]);
    let most: Tensor<dims![2, 4, 2, 2]> = out.max_pool2d::<dims![2, 2], dims![2, 2], dims![0, 0], dims![1, 1]>();
    let mean: Tensor<dims![2, 4, 3, 3]> = out.avg_pool2d::<dims![2, 2], dims![2, 2], dims![1, 1]>();
    assert_eq!((most.sizes(), mean.sizes()), (&[2, 4, 2, 2][..], &[2, 4, 3, 3][..]));
    let larger: Tensor<dims![2, 1, 10, 8]> = out.pixel_shuffle::<dim![2]>();
    assert_eq!(larger.sizes(), [2, 1, 10, 8]);
}

#[test]
fn the_batch_may_be_named() {
    let signal = Tensor::<dims![Batch, 2, 16]>::full_of(1.0, &[3, 2, 16]).unwrap();
    let kernel = Tensor::<dims![5, 2, 3]>::ones();
    let out: Tensor<dims![Batch, 5, 16]> = signal.conv1d::<_, dims![1], dims![1], dims![1]>(&kernel, None);
    assert_eq!(out.sizes(), [3, 5, 16]);
    let pooled: Tensor<dims![Batch, 5, 8]> = out.max_pool1d::<dims![2], dims![2], dims![0], dims![1]>();
    assert_eq!(pooled.sizes(), [3, 5, 8]);
}

#[test]
fn channels_fall_into_groups() {
    let image = Tensor::<dims![Batch, 4, 5, 6]>::from_vec((0..240).map(|i| (i % 7) as f32).collect(), &[2, 4, 5, 6]);
    let image = image.unwrap();
    let kernel = Tensor::<dims![6, 2, 3, 2]>::from_vec((0..72).map(|i| (i % 5) as f32).collect(), &[6, 2, 3, 2]);
    let kernel = kernel.unwrap();
    let bias = tensor![0., 1., 2., 3., 4., 5.];
    let out: Tensor<dims![Batch, 6, 3, 5]> =
        image.conv2d_in_groups::<_, dim![2], dims![2, 1], dims![1, 0], dims![1, 1]>(&kernel, Some(&bias));
    let options = Convolution {
        stride: [2, 1],
        padding: [1, 0].into(),
        groups: 2,
        ..Convolution::default()
    };
    let (any, weight, bias) = (image.into_dynamic(), kernel.clone().into_dynamic(), bias.into_dynamic());
    assert_eq!(
        out.clone().into_dynamic(),
        conv2d(&any, &weight, Some(&bias), options).unwrap()
    );

    let bias = tensor![1., 2., 3., 4.];
    let back: Tensor<dims![Batch, 4, 5, 6]> = out
        .conv_transpose2d_in_groups::<_, dim![2], dims![2, 1], dims![1, 0], dims![1, 1], dims![0, 0]>(
            &kernel,
            Some(&bias),
        );
    let options = TransposedConvolution {
        stride: [2, 1],
        padding: [1, 0],
        groups: 2,
        ..TransposedConvolution::default()
    };
    let expected = conv_transpose2d(&out.into_dynamic(), &weight, Some(&bias.into_dynamic()), options).unwrap();
    assert_eq!(back.into_dynamic(), expected);
}

#[test]
fn a_group_may_be_one_channel() {
    let signal = Tensor::<dims![1, 3, 2]>::from_vec(vec![1., 2., 3., 4., 5., 6.], &[1, 3, 2]).unwrap();
    let kernel = Tensor::<dims![3, 1, 2]>::from_vec(vec![1., 0., 0., 1., 1., 1.], &[3, 1, 2]).unwrap();
    let out: Tensor<dims![1, 3, 1]> =
        signal.conv1d_in_groups::<_, dim![3], dims![1], dims![0], dims![1]>(&kernel, None);
    assert_eq!(out.to_vec().unwrap(), [1., 4., 11.]);
    let one: Tensor<dims![1, 1, 1]> =
        signal.conv1d_in_groups::<_, dim![1], dims![1], dims![0], dims![1]>(&Tensor::<dims![1, 3, 2]>::ones(), None);
    assert_eq!(one.to_vec().unwrap(), [21.]);
}

#[test]
fn a_last_window_may_reach_over_the_end() {
    let image =
        Tensor::<dims![Batch, 1, 6, 7]>::from_vec((0..84).map(|i| (i * 5 % 13) as f32).collect(), &[2, 1, 6, 7]);
    let image = image.unwrap();
    let any = image.clone().into_dynamic();
    let most: Tensor<dims![Batch, 1, 3, 3]> =
        image.max_pool2d_ceil::<dims![3, 2], dims![2, 3], dims![0, 1], dims![1, 1]>();
    let options = MaxPool {
        stride: Some([2, 3]),
        padding: [0, 1],
        ceil_mode: true,
        ..MaxPool::default()
    };
    assert_eq!(most.into_dynamic(), max_pool2d(&any, [3, 2], options).unwrap());
    let mean: Tensor<dims![Batch, 1, 3, 3]> = image.avg_pool2d_ceil::<dims![3, 2], dims![2, 3], dims![0, 1]>();
    let options = AvgPool {
        stride: Some([2, 3]),
        padding: [0, 1],
        ceil_mode: true,
        ..AvgPool::default()
    };
    assert_eq!(mean.into_dynamic(), avg_pool2d(&any, [3, 2], options).unwrap());
    // A window that would begin behind the end is none.
    let signal = Tensor::<dims![1, 1, 4]>::ones();
    let out: Tensor<dims![1, 1, 2]> = signal.avg_pool1d_ceil::<dims![2], dims![3], dims![0]>();
    assert_eq!(out.to_vec().unwrap(), [1., 1.]);
    let out: Tensor<dims![1, 1, 1]> = signal.avg_pool1d_ceil::<dims![2], dims![4], dims![0]>();
    assert_eq!(out.to_vec().unwrap(), [1.]);
}
