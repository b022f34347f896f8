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
/// *Language models are unsupervised multitask learners*, 2019.
///
/// ```
/// use examples::models::gpt::Gpt;
/// use tensor::prelude::*;
/// let model = Gpt::new(&Device::cpu(), Seed(0));
/// let bytes = Tensor::<dims![Batch, 128], i64>::full_of(97, &[2, 128])?;
/// assert_eq!(model.infer(&bytes).sizes(), [2, 128, 256]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[model]
#[forward(|bytes: [128]| {
    let mut x = table(bytes) + position;
    for block in blocks {
        x = block(x);
    }
    head(norm(x))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Gpt {
    table: Embedding<256, 128>,
    position: Parameter<128, 128>,
    blocks: [Block; 4],
    norm: LayerNorm<128>,
    head: linear!(128, 256, bias = false),
}
