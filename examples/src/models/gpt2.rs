//! GPT-2.

use tensor::prelude::*;

/// The smallest of the four: 124,439,808 parameters.
pub type Gpt2Small<T = f32> = Gpt2<dim![50257], dim![1024], dim![64], T>;

/// GPT-2 of 12 blocks with 12 heads: Radford, Wu, Child, Luan, Amodei, Sutskever, *Language models are unsupervised multitask learners*, 2019.
/// `V` different tokens, `S` of them at once, `H` features a head. Its names are those of
/// transformers, and so is how the weights lie.
///
/// ```
/// use examples::models::Gpt2;
/// use tensor::prelude::*;
/// let model = Gpt2::<dim![65], dim![8], dim![2]>::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.infer(&Tensor::<dims![1, 8], i64>::zeros()).sizes(), [1, 8, 65]);
/// assert_eq!(model.parameters()[2].name, "transformer.h.0.ln_1.weight");
/// ```
#[model]
#[input(S)]
pub struct Gpt2<V: Dim, S: Dim, H: Dim> {
    #[init(normal(0.02))]
    transformer: net!(
        wte: embedding(V, 12 * H)
            >> wpe: Gpt2Positions<S, H>
            >> h: repeat(12, Gpt2Block<S, H>)
            >> reshape(S, 12 * H)
            >> ln_f: layer_norm(12 * H)
    ),
    #[tied(transformer.wte)]
    lm_head: linear!(12 * H, V, bias = false),
}

/// A place of the text as numbers, added to those of the token that stands there.
#[model]
#[forward(|x: [S, 12 * H]| x + weight)]
pub struct Gpt2Positions<S: Dim, H: Dim> {
    #[init(normal(0.02))]
    weight: parameter!(S, 12 * H),
}

/// Each place looks at those before it, then thinks for itself.
#[model]
#[forward(|x: [S, 12 * H]| {
    let x = x + attn(ln_1(x));
    x + mlp(ln_2(x))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Gpt2Block<S: Dim, H: Dim> {
    ln_1: layer_norm!(12 * H),
    attn: net!(
        c_attn: linear(12 * H, 36 * H, transposed = true)
            >> attention(12, causal = true)
            >> c_proj: linear(_, 12 * H, transposed = true)
    ),
    ln_2: layer_norm!(12 * H),
    mlp: net!(
        c_fc: linear(12 * H, 48 * H, transposed = true)
            >> gelu(approximate = tanh)
            >> c_proj: linear(_, 12 * H, transposed = true)
    ),
}
