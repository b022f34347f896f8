//! The other layers: transposed convolutions, activations, elements in other places, attention.

use tensor::prelude::*;

use crate::hold;

// The slope of `hardsigmoid` is PyTorch's, a sixth in single precision, which differences of large gradients would see: a sigmoid makes them small.
net! {
    #[input(2, 4, 3)] pub type Back = conv_transpose2d(2, 3, 3) >> tanh >> conv_transpose2d(3, 2, (2, 3), stride = 2, padding = (0, 1), output_padding = (1, 0), bias = false);
    #[input(4, 3, 3)] pub type BackInGroups = conv_transpose2d(4, 6, 2, stride = 3, groups = 2, dilation = 2);
    #[input(2, 5)] pub type BackAlong = conv_transpose1d(2, 3, 4, 2, 1) >> gelu;
    #[input(1, 2, 2, 3)] pub type BackSolid = conv_transpose3d(1, 2, 2, stride = 2) >> tanh;
    #[input(9)] pub type Smooth = linear(_, 9) >> mish >> softsign >> tanhshrink >> log_sigmoid >> celu(0.7) >> selu;
    #[input(9)] pub type Hard = linear(_, 9) >> hardswish >> linear(_, 9) >> hardsigmoid >> sigmoid >> linear(_, 9) >> relu6;
    #[input(9)] pub type Held = linear(_, 9) >> hardtanh(-2.5, max_val = 2) >> softshrink(lambda = 0.1) >> linear(_, 9) >> hardshrink(0.05) >> threshold(-3, 20.0);
    #[input(8, 2, 3)] pub type Shuffled = pixel_shuffle(2) >> tanh >> conv2d(2, 1, 2);
    #[input(2, 3, 2)] pub type Larger = upsample(2) >> conv2d(2, 1, 3) >> upsample(scale = 3, mode = nearest);
    #[input(2, 5)] pub type LargerAlong = upsample(3) >> tanh;
    #[input(2, 3, 2)] pub type Padded = zero_pad2d((1, 2, 0, 3)) >> conv2d(2, 2, 3) >> constant_pad2d(1, -0.5) >> tanh;
    #[input(2, 5, 5)] pub type Added = residual(conv2d(2, 2, 3, padding = 1) >> tanh) >> residual(residual(conv2d(_, 2, 1)) >> gelu) >> flatten >> linear(50, 3);
    #[input(4)] pub type Repeated = body: repeat(2, residual(linear(4, 4) >> tanh)) >> repeat(2, tanh) >> tail: repeat(2, linear(4, 4));
    #[input(4)] pub type AddedFirst = residual(linear(4, 4)) >> residual(tanh) >> residual(identity);
    #[input(2, 3, 4)] pub type Turned = permute(3, 1, 2) >> linear(3, 5) >> permute(2, 1, 3);
    #[input(5, 12)] pub type Attended = attention(2) >> linear(4, 9) >> attention(heads = 1, causal = true);
    #[input(4, 6)] pub type Transformer = linear(6, 18) >> attention(3, causal = true) >> linear(6, 6) >> rms_norm(6);
}

hold! {
    back Back
    back_in_groups BackInGroups
    back_along BackAlong
    back_solid BackSolid
    smooth Smooth
    hard Hard
    held Held
    shuffled Shuffled
    larger Larger
    larger_along LargerAlong
    padded Padded
    added Added
    added_first AddedFirst
    repeated Repeated
    turned Turned
    attended Attended
    transformer Transformer
}

#[test]
fn transposed_weights_have_the_shapes_of_pytorch() {
    let model = BackInGroups::new(&Device::cpu(), Seed(0));
    assert_eq!(model.0.weight.sizes(), [4, 3, 2, 2]);
    assert_eq!(model.0.bias.sizes(), [6]);
}

#[test]
fn repeated_parts_have_positions() {
    let names: Vec<String> = Repeated::new(&Device::cpu(), Seed(0))
        .parameters()
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    let expected = ["body.0.0.weight", "body.0.0.bias", "body.1.0.weight", "body.1.0.bias"];
    assert_eq!(names[..4], expected);
    assert_eq!(
        names[4..],
        ["tail.0.weight", "tail.0.bias", "tail.1.weight", "tail.1.bias"]
    );
}

#[test]
fn numbers_stand_around() {
    net! { #[input(1, 1, 1)] type Around = constant_pad2d((1, 0, 0, 2), 5) >> flatten }
    let out = Around::new(&Device::cpu(), Seed(0)).infer(&tensor![[[[1.]]]]);
    assert_eq!(out, tensor![[5., 1., 5., 5., 5., 5.]]);
}
