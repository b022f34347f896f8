//! BERT.

use tensor::prelude::*;

declare_dims! {
    /// The tokens of a text.
    pub Seq;
}

/// The base model, of 109,482,240 parameters.
pub type BertBase<T = f32> = Bert<dim![30522], dim![512], dim![64], T>;

/// BERT's encoder of 12 blocks with 12 heads: Devlin, Chang, Lee, Toutanova, *BERT: Pre-training of Deep Bidirectional Transformers*, 2018. `V` different
/// tokens, `P` places, `H` features a head. Its names are those of transformers, and so is what it takes: tokens; a mask, which is 0 where a token only
/// fills up its row; which of two sentences each is in; and its place. It gives the last states, and what becomes of the first.
///
/// ```
/// use examples::models::{Bert, BertSeq};
/// use tensor::prelude::*;
/// let model = Bert::<dim![65], dim![8], dim![2]>::new(&Device::cpu(), Seed(0));
/// let row = |numbers: [i64; 4]| Tensor::<dims![Batch, BertSeq], i64>::from_vec(numbers.to_vec(), &[1, 4]);
/// let (ids, mask) = (row([2, 7, 64, 0])?, row([1, 1, 1, 0])?);
/// let (states, pooled) = model.infer(&ids, &mask, &row([0; 4])?, &row([0, 1, 2, 3])?);
/// assert_eq!((states.sizes(), pooled.sizes()), (&[1, 4, 24][..], &[1, 24][..]));
/// # Ok::<(), tensor::Error>(())
/// ```
#[model]
#[forward(|ids: [Seq], mask: [Seq], types: [Seq], places: [Seq]| {
    let x: [Seq, 12 * H] = embeddings(ids, types, places);
    let states: [Seq, 12 * H] = encoder(x, mask);
    (states, pooler(select(states, axis = 1, index = 0)))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Bert<V: Dim, P: Dim, H: Dim> {
    embeddings: BertEmbeddings<V, P, H>,
    encoder: BertEncoder<H>,
    pooler: net!(dense: linear(12 * H, 12 * H) >> tanh),
}

/// A token, its place and its sentence as one sum.
#[model]
#[forward(|ids: [Seq], types: [Seq], places: [Seq]| {
    norm(word_embeddings(ids) + position_embeddings(places) + token_type_embeddings(types))
})]
pub struct BertEmbeddings<V: Dim, P: Dim, H: Dim> {
    word_embeddings: embedding!(V, 12 * H, padding_idx = 0),
    position_embeddings: embedding!(P, 12 * H),
    token_type_embeddings: embedding!(2, 12 * H),
    #[saved("LayerNorm")]
    norm: layer_norm!(12 * H, eps = 1e-12),
}

#[model]
#[forward(|mut x: [Seq, 12 * H], mask: [Seq]| {
    for block in layer {
        x = block(x, mask);
    }
    x
})]
pub struct BertEncoder<H: Dim> {
    layer: [BertLayer<H>; 12],
}

/// Each token looks at all others, then thinks for itself.
#[model]
#[forward(|x: [Seq, 12 * H], mask: [Seq]| {
    let x = attention(x, mask);
    let thought: [Seq, 12 * H] = output(intermediate(x), x);
    thought
})]
pub struct BertLayer<H: Dim> {
    attention: BertAttention<H>,
    intermediate: net!(dense: linear(12 * H, 48 * H) >> gelu),
    output: BertOutput<48, H>,
}

#[model]
#[forward(|x: [Seq, 12 * H], mask: [Seq]| output(heads(x, mask), x))]
pub struct BertAttention<H: Dim> {
    #[saved("self")]
    heads: BertHeads<H>,
    output: BertOutput<12, H>,
}

#[model]
#[forward(|x: [Seq, 12 * H], mask: [Seq]| scaled_dot_product_attention(query(x), key(x), value(x), mask, 12))]
pub struct BertHeads<H: Dim> {
    query: linear!(12 * H, 12 * H),
    key: linear!(12 * H, 12 * H),
    value: linear!(12 * H, 12 * H),
}

/// `M` features a head come in, and meet what was there before.
#[model]
#[forward(|x: [Seq, M * H], before: [Seq, 12 * H]| norm(dense(x) + before))]
pub struct BertOutput<M: Dim, H: Dim> {
    dense: linear!(M * H, 12 * H),
    #[saved("LayerNorm")]
    norm: layer_norm!(12 * H, eps = 1e-12),
}
