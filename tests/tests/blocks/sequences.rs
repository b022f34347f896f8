//! Layers over sequences: recurrent ones, attention with its products, layers of encoders; their names and values are those of the layers of run-time
//! sizes, which are compared with PyTorch.

use tensor::dynamic::{self, Activation, Layer, Masks, RecurrentOptions, TransformerOptions};
use tensor::functional::Nonlinearity;
use tensor::prelude::*;
use tests::assert_close;

use crate::{hold, taught};

net! {
    #[input(3, 2)] pub type Plain = rnn(2, 3) >> linear(3, 2) >> rnn(_, 2, nonlinearity = relu, bias = false);
    #[input(4, 2)] pub type Memory = lstm(2, 3, bias = false) >> tanh >> lstm(3, 2);
    #[input(2, 3)] pub type Gated = gru(3, 2) >> linear(2, 3) >> gru(_, 1, bias = false);
    #[input(3, 2)] pub type Deep = lstm(2, 3, 2, dropout = 0.5, bidirectional = true) >> flatten >> linear(18, 2);
    #[input(3, 2)] pub type DeepGated = gru(2, 2, num_layers = 2, bidirectional = true);
    #[input(3, 2)] pub type DeepPlain = rnn(2, 2, num_layers = 3, nonlinearity = relu, dropout = 0.25);
    #[input(1, 1)] pub type Least = lstm(1, 1) >> gru(1, 1) >> rnn(1, 1);
    #[input(3, 4)] pub type Looking = multi_head_attention(4, 2) >> tanh >> multi_head_attention(_, 1, causal = true);
    #[input(3, 4)] pub type Encoder = transformer_encoder_layer(4, 2, 6, dropout = 0.2, activation = gelu);
    #[input(3, 4)] pub type EncoderFirst = repeat(2, transformer_encoder_layer(_, 2, dim_feedforward = 5, dropout = 0, activation = gelu, layer_norm_eps = 1e-3, norm_first = true, causal = true));
}

hold! {
    plain Plain
    memory Memory
    gated Gated
    deep Deep
    deep_gated DeepGated
    deep_plain DeepPlain
    least Least
    looking Looking
    encoder Encoder
    encoder_first EncoderFirst
}

/// Compares a net of one part with a layer of the same parameters.
macro_rules! compare {
    ($Net:ident, $width:literal, $layer:expr, |$with:ident, $x:ident| $forward:expr) => {{
        let mut net = $Net::<f64>::new_as(&Device::cpu(), Seed(3));
        net.eval();
        let $with = taught($layer, net.parameters())?;
        let typed = Tensor::<dims![2, 5, $width], f64>::randn(&[2, 5, $width], 4)?;
        let found = net.forward(&typed).to_vec()?;
        let $x = typed.into_dynamic();
        let expected: Tensor<Dynamic, f64> = $forward;
        assert_close(stringify!($Net), &found, &expected.to_vec()?, 1e-12);
    }};
}

#[test]
fn values_and_names_are_those_of_the_layers_of_run_time_sizes() -> tensor::Result<()> {
    net! {
        #[input(5, 3)] type One = lstm(3, 4, num_layers = 2, dropout = 0.5, bidirectional = true);
        #[input(5, 3)] type Two = gru(3, 4, bias = false, bidirectional = true);
        #[input(5, 3)] type Three = rnn(3, 4, 3, nonlinearity = relu);
        #[input(5, 8)] type Four = multi_head_attention(8, 4, causal = true);
        #[input(5, 8)] type Five = transformer_encoder_layer(8, 2, 12);
        #[input(5, 8)] type Six = transformer_encoder_layer(8, 4, 12, activation = gelu, layer_norm_eps = 1e-2, norm_first = true, causal = true);
    }
    let (cpu, seed) = (Device::cpu(), Seed(9));
    let options = RecurrentOptions {
        num_layers: 2,
        batch_first: true,
        bidirectional: true,
        ..Default::default()
    };
    compare!(One, 3, dynamic::Lstm::with(&cpu, seed, 3, 4, options)?, |layer, x| {
        layer.forward(&x, None)?.0
    });
    let options = RecurrentOptions {
        bias: false,
        num_layers: 1,
        ..options
    };
    compare!(Two, 3, dynamic::Gru::with(&cpu, seed, 3, 4, options)?, |layer, x| {
        layer.forward(&x, None)?.0
    });
    let options = RecurrentOptions {
        num_layers: 3,
        batch_first: true,
        ..Default::default()
    };
    let rnn = dynamic::Rnn::with(&cpu, seed, 3, 4, Nonlinearity::Relu, options)?;
    compare!(Three, 3, rnn, |layer, x| layer.forward(&x, None)?.0);
    let options = dynamic::AttentionOptions {
        batch_first: true,
        ..Default::default()
    };
    let attention = dynamic::MultiheadAttention::with(&cpu, seed, 8, 4, options)?;
    compare!(Four, 8, attention, |layer, x| {
        layer.forward(&x, &x, &x, Masks::causal())?
    });
    let options = TransformerOptions {
        dim_feedforward: 12,
        batch_first: true,
        ..Default::default()
    };
    let encoder = dynamic::TransformerEncoderLayer::with(&cpu, seed, 8, 2, options)?;
    compare!(Five, 8, encoder, |layer, x| layer.forward(&x)?);
    let options = TransformerOptions {
        activation: Activation::Gelu,
        layer_norm_eps: 1e-2,
        norm_first: true,
        ..options
    };
    let encoder = dynamic::TransformerEncoderLayer::with(&cpu, seed, 8, 4, options)?;
    compare!(Six, 8, encoder, |layer, x| { layer.forward_with(&x, Masks::causal())? });
    Ok(())
}

#[test]
fn sizes_known_at_run_time_go_through() {
    declare_dims! { Seq; }
    net! { #[input(Seq, 3)] type Any = lstm(3, 4) >> multi_head_attention(4, 2) >> transformer_encoder_layer(4, 2, 6) >> gru(4, 2, bidirectional = true) }
    let net = Any::new(&Device::cpu(), Seed(0));
    for seq in [1, 4, 2] {
        let x: Tensor<dims![Batch, Seq, 3]> = Tensor::<Dynamic>::ones_of(&[2, seq, 3]).unwrap().try_into().unwrap();
        let out = net.forward(&x);
        assert_eq!(out.sizes(), [2, seq, 4]);
        out.sum().backward();
    }
}

#[test]
fn a_layer_of_layers_is_a_field() {
    #[model]
    #[input(5, 4)]
    struct Tagger {
        encoder: Lstm<4, 6>,
        both: gru!(6, 3, bidirectional = true),
        head: Linear<6, 2>,
    }
    let model = Tagger::new(&Device::cpu(), Seed(0));
    assert_eq!(model.encoder.layers()[0].weight_ih.sizes(), [24, 4]);
    assert_eq!(model.both.layers()[1].bias_hh.as_ref().map(|bias| bias.len()), Some(9));
    assert_eq!(model.infer(&Tensor::<dims![2, 5, 4]>::zeros()).sizes(), [2, 5, 2]);
}
