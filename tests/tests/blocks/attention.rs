//! Attention with masks, to another sequence, and layers of decoders; names and values are those of the layers of run-time sizes, which are compared
//! with PyTorch.

use tensor::dynamic::{self, Activation, DecoderMasks, Masks, TransformerOptions};
use tensor::functional::AttentionMask;
use tensor::prelude::*;
use tests::assert_close;

use crate::{hold, taught_by};

#[model]
#[forward(|x: [3, 4], mask: [3]| attention(linear(x), mask, 2))]
pub struct Packed {
    linear: Linear<4, 12>,
}

#[model]
#[forward(|x: [3, 4], mask: [3, 3]| attention(linear(x), mask, heads = 2, causal = true))]
pub struct PackedByQuery {
    linear: Linear<4, 12>,
}

#[model]
#[forward(|x: [3, 4], y: [2, 4], mask: [2]| {
    scaled_dot_product_attention(query(x), key(y), value(y), mask, 2)
})]
pub struct Apart {
    query: Linear<4, 4>,
    key: Linear<4, 4>,
    value: Linear<4, 6>,
}

#[model]
#[forward(|q: [3, 2], k: [2, 2], v: [2, 3]| output(scaled_dot_product_attention(2.0 * q, k, v, causal = true)))]
pub struct Plain {
    output: Linear<3, 1>,
}

#[model]
#[forward(|x: [3, 4], mask: [3]| second(first(x, mask), mask))]
pub struct Masked {
    first: multi_head_attention!(4, 2),
    second: multi_head_attention!(4, 1, causal = true),
}

#[model]
#[forward(|x: [2, 4], y: [3, 4], z: [3, 4], mask: [2, 3]| {
    let a = attention(x, y, z);
    let b = attention(a, z, z, mask);
    attention(b) + attention(b, b, a)
})]
pub struct Cross {
    attention: multi_head_attention!(4, 2),
}

#[model]
#[forward(|x: [3, 4], mask: [3]| second(first(x, mask), mask))]
pub struct Encoder {
    first: transformer_encoder_layer!(4, 2, 6, dropout = 0.2, activation = gelu),
    second: transformer_encoder_layer!(
        4,
        2,
        5,
        dropout = 0,
        activation = gelu,
        norm_first = true,
        causal = true
    ),
}

#[model]
#[forward(|x: [2, 4], memory: [3, 4]| decoder(x, memory))]
pub struct Decoder {
    decoder: transformer_decoder_layer!(4, 2, 6, dropout = 0.2, activation = gelu, causal = true),
}

#[model]
#[forward(|x: [2, 4], memory: [3, 4], memory_mask: [3], mask: [2]| {
    second(first(x, memory, memory_mask), memory, memory_mask, mask)
})]
pub struct DecoderMasked {
    first: transformer_decoder_layer!(4, 1, 5, dropout = 0, activation = gelu, norm_first = true),
    second: transformer_decoder_layer!(4, 2, 5, dropout = 0, activation = gelu, layer_norm_eps = 1e-3),
}

#[model]
#[forward(|mut x: [3, 4], mask: [3]| {
    for block in blocks {
        x = block(x, mask);
    }
    x
})]
pub struct Nested {
    blocks: [Masked; 2],
}

#[model]
#[forward(|ids: [3], mask: [3]| attention(table(ids), mask))]
pub struct Tokens {
    table: embedding!(3, 4),
    attention: multi_head_attention!(4, 2),
}

hold! {
    packed Packed
    packed_by_query PackedByQuery
    apart Apart
    plain Plain
    masked Masked
    cross Cross
    encoder Encoder
    decoder Decoder
    decoder_masked DecoderMasked
    nested Nested
    tokens Tokens
}

/// Numbers, and a mask of each of two sequences.
fn drawn<S: Shape>(sizes: &[usize], seed: u64) -> Tensor<S, f64> {
    Tensor::<S, f64>::randn(sizes, seed).expect("sizes of the shape")
}

#[test]
fn a_mask_is_the_key_padding_mask_of_the_layers_of_run_time_sizes() -> tensor::Result<()> {
    #[model]
    #[forward(|x: [4, 8], memory: [3, 8], memory_mask: [3], mask: [4]| {
        let x = attention(encoder(x, mask), mask);
        decoder(x, memory, memory_mask, mask)
    })]
    struct Net {
        attention: multi_head_attention!(8, 4),
        encoder: transformer_encoder_layer!(8, 2, 12),
        decoder: transformer_decoder_layer!(8, 2, 12, activation = gelu, causal = true),
    }
    let (cpu, seed) = (Device::cpu(), Seed(9));
    let mut net = Net::<f64>::new_as(&cpu, Seed(3));
    net.eval();
    let (x, memory) = (
        drawn::<dims![2, 4, 8]>(&[2, 4, 8], 1),
        drawn::<dims![2, 3, 8]>(&[2, 3, 8], 2),
    );
    let mask = tensor![[1, 1, 1, 0], [1, 0, 1, 1]];
    let memory_mask = tensor![[1, 1, 0], [0, 1, 1]];
    let found = net.forward(&x, &memory, &memory_mask, &mask).to_vec()?;
    let options = dynamic::AttentionOptions {
        batch_first: true,
        ..Default::default()
    };
    let attention = dynamic::MultiheadAttention::with(&cpu, seed, 8, 4, options)?;
    let attention = taught_by(attention, net.parameters(), "attention.")?;
    let options = TransformerOptions {
        dim_feedforward: 12,
        batch_first: true,
        ..Default::default()
    };
    let encoder = dynamic::TransformerEncoderLayer::with(&cpu, seed, 8, 2, options)?;
    let encoder = taught_by(encoder, net.parameters(), "encoder.")?;
    let options = TransformerOptions {
        activation: Activation::Gelu,
        ..options
    };
    let decoder = dynamic::TransformerDecoderLayer::with(&cpu, seed, 8, 2, options)?;
    let decoder = taught_by(decoder, net.parameters(), "decoder.")?;
    let [allowed, of_memory] = [mask.into_dynamic(), memory_mask.into_dynamic()].map(|mask| mask.cast::<bool>());
    let padding = |allowed| Masks {
        attention: AttentionMask::None,
        key_padding: AttentionMask::Allowed(allowed),
    };
    let (x, memory) = (x.into_dynamic(), memory.into_dynamic());
    let x = encoder.forward_with(&x, padding(&allowed))?;
    let x = attention.forward(&x, &x, &x, padding(&allowed))?;
    let masks = DecoderMasks {
        target: Masks {
            attention: AttentionMask::Causal,
            ..padding(&allowed)
        },
        memory: padding(&of_memory),
    };
    let expected = decoder.forward(&x, &memory, masks)?;
    assert_close("a net with masks", &found, &expected.to_vec()?, 1e-12);
    Ok(())
}

#[test]
fn keys_that_take_no_part_change_nothing() -> tensor::Result<()> {
    let model = Masked::new(&Device::cpu(), Seed(0));
    let mask = tensor![[1, 1, 0]];
    let [one, other] = [7., -3.].map(|last| tensor![[[1., 2., 3., 4.], [0.5, -1., 2., 0.], [last, last, 1., last]]]);
    let [one, other] = [model.infer(&one, &mask).to_vec()?, model.infer(&other, &mask).to_vec()?];
    assert_eq!(one[..8], other[..8]);
    assert_ne!(one[8..], other[8..]);
    // A query that sees nothing gives the bias of the last product.
    let nothing = model.infer(
        &tensor![[[1., 2., 3., 4.], [1., 0., 1., 0.], [2., 2., 2., 2.]]],
        &tensor![[0, 0, 0]],
    );
    assert_eq!(nothing.to_vec()?, [0.; 12]);
    Ok(())
}

#[test]
fn lengths_known_at_run_time_go_through() {
    declare_dims! { Seq; Length; }
    #[model]
    #[forward(|x: [Seq, 4], memory: [Length, 4], memory_mask: [Length], mask: [Seq]| {
        decoder(encoder(x, mask), memory, memory_mask, mask)
    })]
    struct Any {
        encoder: transformer_encoder_layer!(4, 2, 6),
        decoder: transformer_decoder_layer!(4, 2, 6),
    }
    let net = Any::new(&Device::cpu(), Seed(0));
    for (seq, length) in [(1, 3), (4, 1), (2, 2)] {
        let x: Tensor<dims![Batch, Seq, 4]> = Tensor::<Dynamic>::ones_of(&[2, seq, 4]).unwrap().try_into().unwrap();
        let memory = Tensor::<Dynamic>::ones_of(&[2, length, 4]).unwrap();
        let memory: Tensor<dims![Batch, Length, 4]> = memory.try_into().unwrap();
        let mask: Tensor<dims![Batch, Seq], i64> =
            Tensor::<Dynamic, i64>::ones_of(&[2, seq]).unwrap().try_into().unwrap();
        let memory_mask = Tensor::<Dynamic, i64>::ones_of(&[2, length]).unwrap();
        let memory_mask: Tensor<dims![Batch, Length], i64> = memory_mask.try_into().unwrap();
        let out = net.forward(&x, &memory, &memory_mask, &mask);
        assert_eq!(out.sizes(), [2, seq, 4]);
        out.sum().backward();
    }
}

#[test]
fn a_padding_row_starts_as_zero_and_stays() -> tensor::Result<()> {
    net! { #[input(3)] type Net = table: embedding(4, 2, padding_idx = 3) >> output: linear(_, 1) }
    let mut net = Net::new(&Device::cpu(), Seed(1));
    assert_eq!(net.table.weight.to_vec()?[6..], [0.; 2]);
    assert!(net.table.weight.to_vec()?[..6].iter().all(|&number| number != 0.0));
    net.forward(&tensor![[3, 0, 3]]).sum().backward();
    let gradient = net.parameters()[0].tensor.grad().expect("backward reached it");
    assert_eq!(gradient.to_vec()?[2..], [0.; 6]);
    assert!(gradient.to_vec()?[..2].iter().all(|&number| number != 0.0));
    Sgd::new(0.5).step(&mut net)?;
    assert_eq!(net.table.weight.to_vec()?[6..], [0.; 2]);
    tests::eager::hold_for::<Net<f32>, Net<f64>>(7, &[0, 1, 3]);
    // Its start is 0 whatever the others start from, and a copy is a copy.
    #[model]
    #[forward(|x: [3]| table(x))]
    struct Ones {
        #[init(ones)]
        table: embedding!(2, 2, padding_idx = 0),
    }
    let mut ones = Ones::new(&Device::cpu(), Seed(0));
    assert_eq!(ones.table.weight.to_vec()?, [0., 0., 1., 1.]);
    ones.table.weight.set(&tensor![[5., 5.], [1., 1.]])?;
    assert_eq!(ones.clone().table.weight.to_vec()?, [5., 5., 1., 1.]);
    Ok(())
}
