//! Layers that look at axes in another way.

use tensor::prelude::*;

use crate::hold;

net! {
    #[input(3, 4, 2)] pub type Shares = conv2d(3, 4, 1) >> softmax(axis = 1) >> tanh >> log_softmax(axis = 2) >> softmin >> softmin(1);
    #[input(4, 3)] pub type Rows = softmax(axis = 2) >> linear(3, 5) >> log_softmax(axis = -1) >> softmin(axis = 2);
    #[input(3, 2, 2)] pub type Channels = tanh >> softmax2d >> conv2d(_, 2, 1);
    #[input(6, 4)] pub type Gated = linear(4, 8) >> glu >> glu(axis = 1) >> linear(_, 2) >> glu(2);
    #[input(6, 2, 3)] pub type Turns = channel_shuffle(3) >> conv2d(6, 4, 2, groups = 2) >> channel_shuffle(groups = 4) >> flatten >> linear(8, 2);
    #[input(2, 4, 6)] pub type Unshuffled = pixel_unshuffle(2) >> conv2d(8, 2, 1) >> tanh;
    #[input(2, 3, 4)] pub type Joined = flatten(2) >> linear(12, 6) >> unflatten(2, (3, 2)) >> flatten(1, 2) >> tanh >> unflatten(axis = 1, sizes = (2, 1, 3)) >> flatten(start = -2) >> flatten(end = 1);
}

hold! {
    shares Shares
    rows Rows
    channels Channels
    gated Gated
    turns Turns
    unshuffled Unshuffled
    joined Joined
}

#[test]
fn places_are_those_of_pytorch() {
    net! {
        #[input(4, 1)] type Shuffle = channel_shuffle(2);
        #[input(1, 2, 2)] type Unshuffle = pixel_unshuffle(2);
        #[input(1, 2)] type Share = softmax(axis = 1);
    }
    let (cpu, seed) = (Device::cpu(), Seed(0));
    let out = Shuffle::new(&cpu, seed).infer(&tensor![[[0.], [1.], [2.], [3.]]]);
    assert_eq!(out, tensor![[[0.], [2.], [1.], [3.]]]);
    let out = Unshuffle::new(&cpu, seed).infer(&tensor![[[[0., 1.], [2., 3.]]]]);
    assert_eq!(out, tensor![[[[0.]], [[1.]], [[2.]], [[3.]]]]);
    let out = Share::new(&cpu, seed).infer(&tensor![[[7., -2.]]]);
    assert_eq!(out, tensor![[[1., 1.]]]);
}

#[test]
fn a_layer_of_several_operations_is_one_part() {
    let summary = Gated::new(&Device::cpu(), Seed(0)).to_string();
    let rows: Vec<&str> = summary.lines().filter(|line| line.contains("glu")).collect();
    assert_eq!(rows.len(), 3, "{summary}");
    assert!(
        rows[1].contains("glu(axis = 1)") && rows[1].contains("[batch, 3, 4]"),
        "{summary}"
    );
}
