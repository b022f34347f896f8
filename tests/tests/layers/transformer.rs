//! Attention and transformers.

use tensor::dynamic::{
    Activation, AttentionOptions, DecoderMasks, Layer, Linear, LinearCrossEntropyLoss, LinearCrossEntropyLossOptions,
    Masks, Module, MultiheadAttention, Sequential, Transformer, TransformerDecoder, TransformerDecoderLayer,
    TransformerEncoder, TransformerEncoderLayer, TransformerMasks, TransformerOptions,
};
use tensor::functional::AttentionMask;
use tensor::{Adam, Optimizer};
use tensor::{Device, Dynamic, Seed, Tensor};

use crate::{assert_refused, assert_uniform, names, path, values};

const SMALL: TransformerOptions = TransformerOptions {
    dim_feedforward: 16,
    dropout: 0.0,
    activation: Activation::Gelu,
    layer_norm_eps: 1e-5,
    batch_first: true,
    norm_first: true,
    bias: true,
};

#[test]
fn names_and_sizes_are_those_of_pytorch() {
    let cpu = Device::cpu();
    let options = AttentionOptions {
        add_bias_kv: true,
        kdim: Some(3),
        vdim: Some(7),
        ..AttentionOptions::default()
    };
    let layer = MultiheadAttention::<f32>::with(&cpu, Seed(0), 6, 2, options).expect("fits");
    let expected = [
        "q_proj_weight",
        "k_proj_weight",
        "v_proj_weight",
        "in_proj_bias",
        "bias_k",
        "bias_v",
        "out_proj.weight",
        "out_proj.bias",
    ];
    assert_eq!(names(&layer), expected);
    assert_eq!(layer.num_parameters(), 168);
    let model = Transformer::<f32>::with(&cpu, Seed(0), 8, 2, [2, 1], SMALL).expect("fits");
    assert_eq!(model.num_parameters(), 2136);
    let names = names(&model);
    for name in [
        "encoder.layers.1.self_attn.in_proj_weight",
        "encoder.layers.0.linear2.bias",
        "encoder.norm.weight",
        "decoder.layers.0.multihead_attn.out_proj.weight",
        "decoder.layers.0.norm3.bias",
        "decoder.norm.bias",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}");
    }
}

#[test]
fn weights_begin_as_glorot_and_bengio_have_it() {
    let layer = MultiheadAttention::<f32>::new(&Device::cpu(), Seed(1), 64, 4).expect("room");
    let weight = layer.in_proj_weight.as_deref().expect("all have as many features");
    assert_uniform(weight, (6.0f64 / 256.0).sqrt());
    assert_uniform(&layer.out_proj.weight, 1.0 / 8.0);
    for bias in [&layer.in_proj_bias, &layer.out_proj.bias] {
        let bias = bias.as_ref().expect("it has one").to_vec().expect("computed");
        assert!(bias.iter().all(|&x| x == 0.0));
    }
    let model = Transformer::<f32>::with(&Device::cpu(), Seed(1), 64, 4, [1, 1], SMALL).expect("room");
    assert_uniform(
        &model.encoder.layers[0].self_attn.out_proj.weight,
        (6.0f64 / 128.0).sqrt(),
    );
    assert_uniform(&model.decoder.layers[0].linear1.weight, (6.0f64 / 80.0).sqrt());
}

#[test]
fn layers_of_a_stack_begin_with_other_numbers_and_drop_others() {
    let stack = TransformerEncoder::<f32>::new(&Device::cpu(), Seed(0), 8, 2, 2, SMALL).expect("room");
    assert_ne!(*stack.layers[0].linear1.weight, *stack.layers[1].linear1.weight);
    let dropping = TransformerOptions { dropout: 0.5, ..SMALL };
    let mut stack = TransformerEncoder::new(&Device::cpu(), Seed(0), 8, 2, 2, dropping).expect("room");
    let x = values(&[2, 3, 8], 1);
    let first = stack.forward(&x).expect("fits");
    assert_ne!(stack.forward(&x).expect("fits"), first);
    stack.eval();
    assert!(!stack.is_training());
    let used = stack.forward(&x).expect("fits");
    assert_eq!(stack.forward(&x).expect("fits"), used);
    let plain = TransformerEncoder::new(&Device::cpu(), Seed(0), 8, 2, 2, SMALL).expect("room");
    assert_eq!(plain.forward(&x).expect("fits"), used);
}

#[test]
fn nothing_looks_ahead_under_a_causal_mask() {
    let layer = TransformerEncoderLayer::with(&Device::cpu(), Seed(0), 8, 2, SMALL).expect("room");
    let x = values(&[2, 5, 8], 1);
    let whole = layer.forward_with(&x, Masks::causal()).expect("fits");
    let begin = |x: &Tensor<Dynamic>| x.narrow(1, 0, 3).expect("there");
    let part = layer.forward_with(&begin(&x), Masks::causal()).expect("fits");
    let off = part
        .sub(&begin(&whole))
        .expect("the same")
        .abs()
        .max()
        .item()
        .expect("a number");
    assert!(off < 1e-6, "{off}");
    let open = layer.forward(&x).expect("fits");
    let off = begin(&open)
        .sub(&part)
        .expect("the same")
        .abs()
        .max()
        .item()
        .expect("a number");
    assert!(off > 1e-3, "{off}");
}

#[test]
fn what_is_blocked_does_not_count() {
    let options = TransformerOptions {
        norm_first: false,
        ..SMALL
    };
    let layer = TransformerDecoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options).expect("room");
    let (x, memory) = (values(&[1, 4, 8], 1), values(&[1, 3, 8], 2));
    let blocked = Tensor::from_vec(vec![false, false, true], &[1, 3]).expect("sizes");
    let masks = DecoderMasks {
        memory: Masks {
            key_padding: AttentionMask::Blocked(&blocked),
            ..Masks::default()
        },
        ..DecoderMasks::default()
    };
    let out = layer.forward(&x, &memory, masks).expect("fits");
    let shorter = memory.narrow(1, 0, 2).expect("there");
    let expected = layer.forward(&x, &shorter, DecoderMasks::default()).expect("fits");
    let off = out
        .sub(&expected)
        .expect("the same")
        .abs()
        .max()
        .item()
        .expect("a number");
    assert!(off < 1e-6, "{off}");
}

#[test]
fn a_layer_goes_into_a_sequence_and_learns() {
    let cpu = Device::cpu();
    let mut model = Sequential::new()
        .then(Linear::new(&cpu, Seed(0), 2, 8).expect("room"))
        .then(TransformerEncoderLayer::with(&cpu, Seed(1), 8, 2, SMALL).expect("room"))
        .then(Linear::new(&cpu, Seed(2), 8, 1).expect("room"));
    // The sum of the second numbers of the sequence.
    let x = values(&[32, 4, 2], 5);
    let target = x
        .narrow(2, 1, 1)
        .and_then(|x| x.mean_axis(1))
        .expect("axes")
        .unsqueeze(1)
        .expect("axes");
    let loss = |model: &Sequential| {
        let out = model.forward(&x).expect("fits");
        out.sub(&target).expect("fits").square().mean()
    };
    let before = loss(&model).item().expect("a number");
    let mut adam = Adam::new(0.01);
    for _ in 0..60 {
        loss(&model).backward();
        adam.step(&mut model).expect("gradients");
    }
    let after = loss(&model).item().expect("a number");
    assert!(after < before / 5.0, "{after} after {before}");
}

#[test]
fn what_is_saved_comes_back() {
    let make = |seed| Transformer::with(&Device::cpu(), Seed(seed), 8, 2, [1, 1], SMALL).expect("room");
    let (model, mut other) = (make(0), make(1));
    let (source, target) = (values(&[2, 3, 8], 1), values(&[2, 4, 8], 2));
    let run = |model: &Transformer| {
        model
            .forward(&source, &target, TransformerMasks::causal())
            .expect("fits")
    };
    assert_ne!(run(&model), run(&other));
    let path = path("transformer");
    model.save(&path).expect("a folder to write to");
    other.load(&path).expect("the same names");
    std::fs::remove_file(&path).expect("it is there");
    assert_eq!(run(&model), run(&other));
    let copy = model.clone();
    assert_eq!(run(&copy), run(&model));
    let moved = copy.to(Device::cpu()).expect("the same place");
    assert_eq!(run(&moved), run(&model));
}

#[test]
fn no_sequences_and_single_ones() {
    let model = Transformer::with(&Device::cpu(), Seed(0), 8, 2, [1, 1], SMALL).expect("room");
    let run = |source: &[usize], target: &[usize]| {
        let out = model.forward(&values(source, 1), &values(target, 2), TransformerMasks::causal());
        out.expect("fits").sizes().to_vec()
    };
    assert_eq!(run(&[0, 3, 8], &[0, 4, 8]), [0, 4, 8]);
    assert_eq!(run(&[3, 8], &[4, 8]), [4, 8]);
    assert_eq!(run(&[2, 1, 8], &[2, 1, 8]), [2, 1, 8]);
}

#[test]
fn what_cannot_be_made_is_refused() {
    let cpu = Device::cpu();
    let refused = MultiheadAttention::<f32>::new(&cpu, Seed(0), 8, 3);
    assert_refused(refused, "`heads`: expected a number that divides 8, found 3");
    assert_refused(
        MultiheadAttention::<f32>::new(&cpu, Seed(0), 0, 1),
        "`features`: expected a number from 1 on",
    );
    let options = AttentionOptions {
        dropout: -0.1,
        ..AttentionOptions::default()
    };
    let refused = MultiheadAttention::<f32>::with(&cpu, Seed(0), 8, 2, options);
    assert_refused(refused, "`dropout`: expected a probability from 0 to 1, found -0.1");
    let refused = TransformerEncoderLayer::<f32>::new(&cpu, Seed(0), 8, 3);
    assert_refused(refused, "`heads`");
    assert_refused(
        TransformerDecoder::<f32>::new(&cpu, Seed(0), 8, 2, 0, SMALL),
        "`num_layers`",
    );
    let refused = Transformer::<f32>::with(&cpu, Seed(0), 8, 2, [1, 0], SMALL);
    assert_refused(
        refused,
        "`num_decoder_layers`: expected a number from 1 to 65536, found 0",
    );
    let layer = TransformerEncoderLayer::<f32>::with(&cpu, Seed(0), 8, 2, SMALL).expect("room");
    assert_refused(layer.forward(&values(&[2, 3, 7], 1)), "`layer_norm`");
    let decoder = TransformerDecoderLayer::<f32>::with(&cpu, Seed(0), 8, 2, SMALL).expect("room");
    let refused = decoder.forward(&values(&[2, 3, 8], 1), &values(&[3, 3, 8], 1), DecoderMasks::default());
    assert_refused(refused, "expected keys for 2 sequences, found keys for 3");
}

#[test]
fn a_loss_with_its_product() {
    let cpu = Device::cpu();
    let factors = Tensor::from_vec(vec![1., 2., 3.], &[3]).expect("sizes");
    let options = LinearCrossEntropyLossOptions {
        bias: true,
        weight: Some(factors.clone()),
        ..LinearCrossEntropyLossOptions::default()
    };
    let loss = LinearCrossEntropyLoss::with(&cpu, Seed(0), 4, 3, options.clone()).expect("fits");
    assert_eq!(names(&loss), ["linear.weight", "linear.bias"]);
    let state = loss.state_dict().expect("computed");
    assert_eq!(
        state.names().collect::<Vec<_>>(),
        ["linear.bias", "linear.weight", "weight"]
    );
    let refused = LinearCrossEntropyLoss::with(&cpu, Seed(0), 4, 5, options.clone());
    assert_refused(refused, "expected a weight of [5], one for each class, found [3]");
    let smooth = LinearCrossEntropyLossOptions {
        label_smoothing: 2.0,
        ..options
    };
    let refused = LinearCrossEntropyLoss::with(&cpu, Seed(0), 4, 3, smooth);
    assert_refused(refused, "`label_smoothing`: expected a number from 0 to 1, found 2");
    let target = Tensor::from(vec![0i64, 3]);
    assert_refused(loss.forward(&values(&[2, 4], 1), &target), "class 3 is out of range");
}
