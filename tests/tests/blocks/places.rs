//! Layers over the places of images: borders, other sizes, whole channels dropped, powers over windows and over neighbouring channels.

use tensor::dynamic::{self, ConvOptions, Layer, LpPool2d, PaddingMode};
use tensor::functional::{self, Padding};
use tensor::prelude::*;
use tests::assert_close;

use crate::{hold, taught};

net! {
    #[input(2, 5)] pub type AroundRows = reflection_pad1d((1, 2)) >> conv1d(2, 2, 3) >> tanh >> replication_pad1d(2) >> conv1d(2, 1, 2) >> circular_pad1d((3, 0)) >> zero_pad1d(1) >> constant_pad1d((0, 2), 0.5);
    #[input(2, 3, 4)] pub type Around = reflection_pad2d((3, 1, 0, 2)) >> conv2d(2, 1, 3) >> tanh >> circular_pad2d((1, 2, 3, 2)) >> conv2d(1, 2, 2) >> replication_pad2d((0, 3, 1, 0));
    #[input(1, 2, 3, 2)] pub type AroundSolids = reflection_pad3d((1, 0, 2, 1, 1, 1)) >> tanh >> conv3d(1, 2, 2) >> replication_pad3d(1) >> circular_pad3d((1, 0, 0, 1, 2, 0)) >> zero_pad3d((1, 0, 0, 0, 0, 1)) >> constant_pad3d(0, 2);
    #[input(2, 5, 4)] pub type Bordered = conv2d(2, 3, 3, padding = 1, padding_mode = reflect) >> tanh >> conv2d(_, 2, (2, 3), padding = (2, 1), bias = false, padding_mode = circular) >> conv2d(2, 1, 3, stride = 2, padding = 2, padding_mode = replicate);
    #[input(2, 6)] pub type BorderedRows = conv1d(2, 4, 4, padding = same, groups = 2, padding_mode = circular) >> conv1d(4, 2, 3, padding = 1, padding_mode = zeros);
    #[input(1, 3, 3, 3)] pub type BorderedSolids = conv3d(1, 2, 3, padding = 1, padding_mode = replicate) >> tanh;
    #[input(2, 3, 4)] pub type Lines = upsample(2, mode = bilinear) >> conv2d(2, 1, 3) >> upsample(size = (7, 3), mode = bilinear, align_corners = true) >> tanh;
    #[input(2, 3, 4)] pub type Cubics = upsample(scale = (2, 3), mode = bicubic) >> conv2d(2, 1, 3) >> upsample(size = 5, mode = bicubic, align_corners = true) >> tanh;
    #[input(2, 5)] pub type LinesAlong = upsample(3, mode = linear) >> conv1d(2, 1, 2) >> upsample(size = 4, mode = linear);
    #[input(1, 2, 3, 2)] pub type LinesInSolids = upsample(size = (3, 2, 5), mode = trilinear) >> conv3d(1, 1, 2) >> upsample(2, mode = trilinear, align_corners = true) >> upsample(size = (2, 9, 4));
    #[input(3, 3, 2)] pub type Dropped = conv2d(3, 4, 2) >> dropout2d >> tanh >> flatten >> linear(8, 3) >> dropout;
    #[input(3, 4)] pub type DroppedRows = dropout1d(0.3) >> conv1d(3, 4, 2) >> dropout1d(p = 0.0) >> tanh;
    #[input(2, 2, 2, 2)] pub type DroppedSolids = conv3d(2, 3, 1) >> dropout3d(p = 0.6);
    #[input(2, 5, 4)] pub type Powers = conv2d(2, 3, 1) >> sigmoid >> lp_pool2d(2, 2) >> sigmoid >> lp_pool2d(norm_type = 3.5, kernel_size = (2, 1), stride = 1, ceil_mode = true);
    #[input(2, 6)] pub type PowersOfRows = sigmoid >> lp_pool1d(1, 3, 2) >> conv1d(2, 2, 1) >> sigmoid >> lp_pool1d(4, 2);
    #[input(1, 4, 2, 3)] pub type PowersOfSolids = sigmoid >> lp_pool3d(2.5, 2, ceil_mode = true) >> tanh;
    #[input(5, 2, 3)] pub type Responses = conv2d(5, 4, 1) >> local_response_norm(3, 0.5, 0.6, k = 2) >> local_response_norm(2) >> local_response_norm(size = 7, alpha = 1, beta = 0.5);
    #[input(5, 3)] pub type ResponsesAlong = local_response_norm(1, alpha = 0.5) >> conv1d(5, 2, 2);
    #[input(3, 4)] pub type Bent = conv1d(3, 4, 2) >> prelu >> conv1d(4, 3, 1) >> prelu(3) >> linear(3, 5) >> prelu(num_parameters = 3, init = -0.5);
    #[input(4)] pub type BentRows = linear(4, 3) >> prelu(3, 0.1) >> linear(3, 2) >> prelu;
}

hold! {
    around_rows AroundRows
    around Around
    around_solids AroundSolids
    bordered Bordered
    bordered_rows BorderedRows
    bordered_solids BorderedSolids
    lines Lines
    cubics Cubics
    lines_along LinesAlong
    lines_in_solids LinesInSolids
    dropped Dropped
    dropped_rows DroppedRows
    dropped_solids DroppedSolids
    powers Powers
    powers_of_rows PowersOfRows
    powers_of_solids PowersOfSolids
    responses Responses
    responses_along ResponsesAlong
    bent Bent
    bent_rows BentRows
}

/// Compares a net of one layer that has learned nothing with a layer of run-time sizes.
macro_rules! compare {
    ($($layer:literal [$($size:literal),*] $Net:ident $of:expr;)*) => {
        $({
            let typed = Tensor::<dims![2, $($size),*], f64>::rand(&[2, $($size),*], 4)?;
            let found = $Net::<f64>::new_as(&Device::cpu(), Seed(0)).infer(&typed).to_vec()?;
            let expected = Layer::forward(&$of, &typed.into_dynamic())?.to_vec()?;
            assert_close($layer, &found, &expected, 1e-12);
        })*
    };
}

#[test]
fn values_are_those_of_the_layers_of_run_time_sizes() -> tensor::Result<()> {
    net! {
        #[input(3, 4, 5)] type Reflected = reflection_pad2d((1, 2, 3, 0));
        #[input(3, 4, 5)] type Replicated = replication_pad2d((1, 2, 3, 0));
        #[input(3, 4, 5)] type Circular = circular_pad2d((1, 2, 3, 0));
        #[input(3, 4, 5)] type Squares = lp_pool2d(2, 2, stride = 1);
        #[input(6, 4, 5)] type Neighbours = local_response_norm(4, alpha = 0.5, k = 0.7);
    }
    compare! {
        "reflection_pad2d" [3, 4, 5] Reflected dynamic::ReflectionPad2d::new([1, 2, 3, 0]);
        "replication_pad2d" [3, 4, 5] Replicated dynamic::ReplicationPad2d::new([1, 2, 3, 0]);
        "circular_pad2d" [3, 4, 5] Circular dynamic::CircularPad2d::new([1, 2, 3, 0]);
        "lp_pool2d" [3, 4, 5] Squares LpPool2d { stride: Some([1, 1]), ..LpPool2d::new(2.0, 2) };
        "local_response_norm" [6, 4, 5] Neighbours dynamic::LocalResponseNorm::with(4, functional::LocalResponseNorm { alpha: 0.5, beta: 0.75, k: 0.7 });
    }
    Ok(())
}

#[test]
fn borders_of_convolutions_are_those_of_the_layer_of_run_time_sizes() -> tensor::Result<()> {
    net! { #[input(2, 4, 5)] type Net = conv2d(2, 3, 3, stride = 2, padding = (2, 1), padding_mode = reflect) }
    let net = Net::<f64>::new_as(&Device::cpu(), Seed(1));
    let options = ConvOptions {
        stride: [2, 2],
        padding: Padding::Each([2, 1]),
        padding_mode: PaddingMode::Reflect,
        ..Default::default()
    };
    let layer = dynamic::Conv2d::with(&Device::cpu(), Seed(2), 2, 3, 3, options)?;
    let layer = taught(layer, net.parameters())?;
    let x = Tensor::<dims![3, 2, 4, 5], f64>::randn(&[3, 2, 4, 5], 3)?;
    let found = net.infer(&x).to_vec()?;
    let expected = layer.forward(&x.into_dynamic())?.to_vec()?;
    assert_close("conv2d", &found, &expected, 1e-12);
    Ok(())
}

#[test]
fn whole_channels_are_dropped_in_training_alone() {
    net! { #[input(8, 3, 2)] type Net = dropout2d(0.5) }
    let mut net = Net::new(&Device::cpu(), Seed(4));
    let x = Tensor::<dims![16, 8, 3, 2]>::ones();
    let out = net.forward(&x).to_vec().unwrap();
    let channels: Vec<&[f32]> = out.chunks(6).collect();
    assert!(
        channels
            .iter()
            .all(|channel| channel == &[0.0; 6] || channel == &[2.0; 6])
    );
    let kept = channels.iter().filter(|channel| channel[0] == 2.0).count();
    assert!((32..96).contains(&kept), "{kept} of 128");
    net.eval();
    assert_eq!(net.forward(&x), x);
    assert_eq!(net.infer(&x), x);
}

#[test]
fn slopes_have_their_names_and_first_values() -> tensor::Result<()> {
    let net = Bent::new(&Device::cpu(), Seed(0));
    assert_eq!(net.1.weight.to_vec()?, [0.25]);
    assert_eq!(net.3.weight.to_vec()?, [0.25; 3]);
    assert_eq!(net.5.weight.to_vec()?, [-0.5; 3]);
    #[model]
    #[input(4)]
    struct Fields {
        first: Linear<4, 3>,
        slope: Prelu<3>,
        other: prelu!(init = 0.1),
    }
    let model = Fields::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model.parameters().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names[2..], ["slope.weight", "other.weight"]);
    assert_eq!(model.other.weight.to_vec()?, [0.1]);
    Ok(())
}
