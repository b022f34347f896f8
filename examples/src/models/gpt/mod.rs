//! A small GPT, which goes on with a text byte by byte.

mod cache;

pub use cache::Cache;

use tensor::prelude::*;

/// How many bytes it sees at once.
pub const CONTEXT: usize = 128;

/// A block of a transformer: each place looks at those before it, then thinks for itself.
#[model]
#[forward(|x: [128, 128]| {
    let x = x + project(attention(qkv(norm1(x)), 4, causal = true));
    x + down(gelu(up(norm2(x)), approximate = tanh))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Block {
    norm1: LayerNorm<128>,
    qkv: Linear<128, 384>,
    project: Linear<128, 128>,
    norm2: LayerNorm<128>,
    up: Linear<128, 512>,
    down: Linear<512, 128>,
}

/// A transformer of four blocks, each of four heads, that foretells the next byte at each of 128 places of a text: after Radford et al.,
/// *Language models are unsupervised multitask learners*, 2019. It takes what [`entered`] makes of the bytes.
#[model]
#[forward(|mut x: [128, 256]| {
    x = embedding(x) + position;
    for block in blocks {
        x = block(x);
    }
    head(norm(x))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Gpt {
    embedding: linear!(256, 128, bias = false),
    position: Parameter<128, 128>,
    blocks: [Block; 4],
    norm: LayerNorm<128>,
    head: linear!(128, 256, bias = false),
}

/// Bytes as numbers: of 256 for each byte one is 1.
///
/// # Errors
/// Where there is no room, or a number is no byte.
///
/// ```
/// use examples::models::gpt::entered;
/// use tensor::prelude::*;
/// let bytes = Tensor::<Dynamic, i64>::full_of(97, &[1, 128])?.try_into_shape()?;
/// let x = entered(&bytes)?;
/// assert_eq!((x.at([0, 5, 97])?, x.at([0, 5, 98])?, x.sum().item()?), (1., 0., 128.));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn entered(bytes: &Tensor<dims![Batch, 128], i64>) -> tensor::Result<Tensor<dims![Batch, 128, 256]>> {
    bytes.one_hot(Some(256))?.cast::<f32>().try_into_shape()
}
