//! Pooling, and windows side by side.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::{
    AvgPool, MaxPool, Unfold, adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_max_pool1d_with_indices, avg_pool1d,
    avg_pool2d, fold, lp_pool1d, max_pool1d, max_pool1d_with_indices, max_pool2d, max_pool2d_with_indices,
    max_unpool2d, unfold,
};
use tensor::{Dynamic, Tensor, bf16};

use crate::{assert_near, assert_refused, doubles, numbers, whole};

fn row(numbers: &[f64]) -> Tensor<Dynamic, f64> {
    Tensor::from_vec(numbers.to_vec(), &[1, numbers.len()]).expect("as many as there are")
}

#[test]
fn nan_is_the_largest_and_minus_infinity_is_found() {
    let x = row(&[1.0, f64::NAN, 2.0, f64::NEG_INFINITY, f64::NEG_INFINITY, 3.0]);
    let (values, places) = max_pool1d_with_indices(&x, 2, MaxPool::default()).expect("sizes that fit");
    assert_near(&values, &[f64::NAN, 2.0, 3.0], 0.0);
    assert_eq!(places.to_vec().expect("computed"), [1, 2, 5]);
    let all = row(&[f64::NEG_INFINITY; 4]);
    let options = MaxPool {
        padding: [1],
        ..MaxPool::default()
    };
    let (values, places) = max_pool1d_with_indices(&all, 3, options).expect("sizes that fit");
    assert_near(&values, &[f64::NEG_INFINITY; 2], 0.0);
    assert_eq!(places.to_vec().expect("computed"), [0, 2]);
}

#[test]
fn strided_and_small_elements() {
    let x = whole::<f64>(&[5, 4, 3, 2], 1).transpose(0, 3).expect("axes");
    let expected = doubles(&max_pool2d(&x.contiguous(), 2, MaxPool::default()).expect("sizes that fit"));
    let found = max_pool2d(&x, 2, MaxPool::default()).expect("sizes that fit");
    assert_near(&found, &expected, 0.0);
    let found = max_pool2d(&x.cast::<bf16>(), 2, MaxPool::default()).expect("sizes that fit");
    assert_near(&found, &expected, 0.0);
    let found = max_pool2d(&x.cast::<i32>(), 2, MaxPool::default()).expect("sizes that fit");
    assert_near(&found, &expected, 0.0);
    let mean = avg_pool2d(&x.cast::<bf16>(), 2, AvgPool::default()).expect("sizes that fit");
    assert_near(
        &mean,
        &doubles(&avg_pool2d(&x, 2, AvgPool::default()).expect("sizes that fit")),
        0.02,
    );
}

#[test]
fn means_count_what_they_have() {
    let x = row(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let options = AvgPool {
        padding: [1],
        ceil_mode: true,
        ..AvgPool::default()
    };
    let with = avg_pool1d(&x, 3, options).expect("sizes that fit");
    assert_near(&with, &[1.0, 4.0], 1e-15);
    let without = AvgPool {
        count_include_pad: false,
        ..options
    };
    assert_near(&avg_pool1d(&x, 3, without).expect("sizes that fit"), &[1.5, 4.0], 1e-15);
    // A last window that has one element, and one place of padding.
    let options = AvgPool {
        stride: Some([2]),
        padding: [1],
        ceil_mode: true,
        ..AvgPool::default()
    };
    let cut = avg_pool1d(&row(&[1.0, 2.0, 3.0, 4.0]), 3, options).expect("sizes that fit");
    assert_near(&cut, &[1.0, 3.0, 2.0], 1e-15);
    // Long windows.
    let x = numbers::<f64>(&[1, 100], 1);
    let mean: f64 = doubles(&x)[..40].iter().sum::<f64>() / 40.0;
    let long = avg_pool1d(&x, 40, AvgPool::default()).expect("sizes that fit");
    assert!((doubles(&long)[0] - mean).abs() < 1e-14);
}

#[test]
fn windows_that_adapt() {
    let x = row(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let mean = adaptive_avg_pool1d(&x, [Some(3)]).expect("sizes that fit");
    assert_near(&mean, &[1.5, 3.0, 4.5], 1e-15);
    assert_near(&adaptive_avg_pool1d(&x, [Some(0)]).expect("sizes that fit"), &[], 0.0);
    assert_near(
        &adaptive_avg_pool1d(&x, [None]).expect("sizes that fit"),
        &doubles(&x),
        0.0,
    );
    let (values, places) = adaptive_max_pool1d_with_indices(&x, [Some(7)]).expect("sizes that fit");
    assert_near(&values, &[1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 5.0], 0.0);
    assert_eq!(places.to_vec().expect("computed"), [0, 1, 2, 2, 3, 4, 4]);
    let infinite = row(&[f64::INFINITY, 0.0, 0.0, 1.0, 2.0]);
    let mean = adaptive_avg_pool1d(&infinite, [Some(3)]).expect("sizes that fit");
    assert_near(&mean, &[f64::INFINITY, 1.0 / 3.0, 1.5], 1e-15);
}

#[test]
fn gradients() {
    let x = numbers::<f64>(&[2, 2, 5, 7], 1);
    let options = AvgPool {
        stride: Some([2, 3]),
        padding: [1, 1],
        ceil_mode: true,
        ..AvgPool::default()
    };
    let mean = |of: &[Tensor<Dynamic, f64>]| avg_pool2d(&of[0], [3, 2], options);
    gradcheck(mean, &[&x], Tolerance::default()).expect("gradients of means");
    let mean = |of: &[Tensor<Dynamic, f64>]| adaptive_avg_pool2d(&of[0], [Some(3), None]);
    gradcheck(mean, &[&x], Tolerance::default()).expect("gradients of means");
    let options = MaxPool {
        stride: Some([2, 3]),
        padding: [1, 1],
        ..MaxPool::default()
    };
    let largest = |of: &[Tensor<Dynamic, f64>]| Ok(max_pool2d(&of[0], [3, 2], options)?.square());
    gradcheck(largest, &[&x], Tolerance::default()).expect("gradients of the largest");
    gradgradcheck(largest, &[&x], Tolerance::default()).expect("gradients of second order");
    let positive = numbers::<f64>(&[2, 8], 2).square();
    let length = |of: &[Tensor<Dynamic, f64>]| lp_pool1d(&of[0], 3.0, 2, None, false);
    gradcheck(length, &[&positive], Tolerance::default()).expect("gradients of norms");
    let options = Unfold {
        stride: [2, 1],
        padding: [1, 0],
        dilation: [1, 2],
    };
    let windows = |of: &[Tensor<Dynamic, f64>]| unfold(&of[0], [2, 3], options);
    gradcheck(windows, &[&x], Tolerance::default()).expect("gradients of windows");
    let columns = unfold(&x, [2, 3], options).expect("sizes that fit");
    let sum = |of: &[Tensor<Dynamic, f64>]| fold(&of[0], [5, 7], [2, 3], options);
    gradcheck(sum, &[&columns], Tolerance::default()).expect("gradients of sums of windows");
}

#[test]
fn there_and_back() {
    let x = numbers::<f64>(&[2, 3, 4, 6], 1);
    let (values, places) = max_pool2d_with_indices(&x, 2, MaxPool::default()).expect("sizes that fit");
    let back = max_unpool2d(&values, &places, [4, 6]).expect("sizes that fit");
    let again = max_pool2d(&back.abs(), 2, MaxPool::default()).expect("sizes that fit");
    assert_near(&again, &doubles(&values.abs()), 0.0);
    // Each element as often as windows show it.
    let ones = x.ones_like();
    let columns = unfold(&ones, 2, Unfold::default()).expect("sizes that fit");
    let counts = fold(&columns, [4, 6], 2, Unfold::default()).expect("sizes that fit");
    assert_eq!(doubles(&counts)[..7], [1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 2.0]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let x = numbers::<f32>(&[1, 2, 4], 1);
    let pool = |kernel: usize, options| max_pool1d(&x, kernel, options);
    let plain = MaxPool::default();
    assert_refused(pool(0, plain), "`kernel_size`");
    assert_refused(pool(5, plain), "fits in");
    assert_refused(
        pool(
            2,
            MaxPool {
                stride: Some([0]),
                ..plain
            },
        ),
        "`stride`",
    );
    assert_refused(
        pool(2, MaxPool { padding: [2], ..plain }),
        "half of what the kernel spans",
    );
    assert_refused(pool(usize::MAX, MaxPool { dilation: [2], ..plain }), "fits in memory");
    let one = numbers::<f32>(&[1, 1], 1);
    let nothing = MaxPool {
        dilation: [2],
        padding: [1],
        ..plain
    };
    assert_refused(max_pool1d(&one, 2, nothing), "each window sees an element");
    assert_refused(
        max_pool1d(&numbers::<f32>(&[2, 0, 4], 1), 2, plain),
        "only the batch may be empty",
    );
    assert_refused(adaptive_avg_pool1d(&x, [Some(usize::MAX)]), "fit into memory");
    assert_refused(max_pool2d(&numbers::<f32>(&[4, 4], 1), 2, MaxPool::default()), "3 axes");
    assert_refused(
        fold(&numbers::<f32>(&[4, 3], 1), [2, 2], 2, Unfold::default()),
        "the windows of [2, 2]",
    );
    assert_refused(unfold(&numbers::<f32>(&[1, 2, 2], 1), 3, Unfold::default()), "fits in");
}
