//! Convolutions and poolings with every option.

use tensor::prelude::*;

use crate::hold;

net! {
    #[input(2, 5, 4)] pub type Plain = conv2d(2, 3, 3);
    #[input(2, 5, 7)] pub type Strided = conv2d(_, 3, (3, 2), stride = (2, 3), padding = (1, 0), bias = false) >> tanh;
    #[input(4, 6, 6)] pub type Grouped = conv2d(4, 6, 3, 1, 2, 2, 2) >> relu >> conv2d(6, 6, 1, groups = 6);
    #[input(1, 5, 6)] pub type Same = conv2d(1, 2, (2, 4), padding = same) >> gelu >> conv2d(2, 1, 3, padding = same, dilation = 2);
    #[input(3, 9)] pub type Line = conv1d(3, 4, 3, stride = 2) >> relu >> max_pool1d(2) >> flatten >> linear(_, 2);
    #[input(2, 3, 4, 5)] pub type Solid = conv3d(2, 2, (1, 2, 3), padding = (0, 1, 1)) >> relu >> avg_pool3d((2, 1, 2)) >> max_pool3d((1, 2, 2), stride = 1);
    #[input(2, 7, 6)] pub type Largest = max_pool2d(3, stride = 2, padding = 1) >> max_pool2d(2, stride = 1, dilation = 2);
    #[input(1, 5, 5)] pub type Ceiled = max_pool2d(2, ceil_mode = true) >> tanh;
    #[input(2, 5, 6)] pub type Means = avg_pool2d(3, stride = 2, padding = 1) >> tanh;
    #[input(2, 5, 7)] pub type MeansInside = avg_pool2d((2, 3), 2, (1, 1), ceil_mode = true, count_include_pad = false);
    #[input(2, 8)] pub type LineMeans = avg_pool1d(3, 2) >> adaptive_max_pool1d(2);
    #[input(2, 5, 7)] pub type Adaptive = adaptive_avg_pool2d((3, 2)) >> tanh >> adaptive_avg_pool2d(1);
    #[input(1, 5, 7)] pub type AdaptiveLargest = adaptive_max_pool2d((2, 3));
    #[input(2, 3, 3, 4)] pub type AdaptiveSolid = adaptive_avg_pool3d(2) >> adaptive_max_pool3d((1, 2, 1));
    #[input(24)] pub type Reshaped = reshape(2, 3, 4) >> conv2d(2, 2, 2) >> reshape(12) >> linear(12, 3);
    #[input(6)] pub type Outer = linear(_, 24) >> Reshaped >> relu;
}

hold! {
    plain Plain
    strided Strided
    grouped Grouped
    same Same
    line Line
    solid Solid
    largest Largest
    ceiled Ceiled
    means Means
    means_inside MeansInside
    line_means LineMeans
    adaptive Adaptive
    adaptive_largest AdaptiveLargest
    adaptive_solid AdaptiveSolid
    reshaped Reshaped
    outer Outer
}

#[test]
fn parts_have_the_names_and_shapes_of_pytorch() {
    let model = Grouped::new(&Device::cpu(), Seed(0));
    let found: Vec<(String, Vec<usize>)> = model
        .parameters()
        .iter()
        .map(|parameter| (parameter.name.clone(), parameter.tensor.sizes().to_vec()))
        .collect();
    let expected = [
        ("0.weight", vec![6, 2, 3, 3]),
        ("0.bias", vec![6]),
        ("2.weight", vec![6, 1, 1, 1]),
        ("2.bias", vec![6]),
    ];
    assert_eq!(found, expected.map(|(name, sizes)| (name.to_owned(), sizes)));
}
