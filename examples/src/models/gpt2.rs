//! GPT-2.

use tensor::prelude::*;

/// The smallest of the four: 124,439,808 parameters.
pub type Gpt2Small<T = f32> = Gpt2<dim![50257], dim![1024], dim![768], dim![12], T>;

/// GPT-2 of 12 blocks: Radford, Wu, Child, Luan, Amodei, Sutskever, *Language models are unsupervised multitask learners*, 2019.
/// `V` different tokens, `S` of them at once, `D` features and `H` heads. Its names are those of
/// transformers, and so is how the weights lie.
///
/// ```
/// use examples::models::Gpt2;
/// use tensor::prelude::*;
/// let model = Gpt2::<dim![65], dim![8], dim![24], dim![4]>::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.infer(&Tensor::<dims![1, 8], i64>::zeros()).sizes(), [1, 8, 65]);
/// assert_eq!(model.parameters()[2].name, "transformer.h.0.ln_1.weight");
/// ```
#[model]
#[input(S)]
pub struct Gpt2<V: Dim, S: Dim, D: Dim, H: Dim> {
    #[init(normal(0.02))]
    transformer: net!(
        wte: embedding(V, D)
            >> wpe: Gpt2Positions<S, D>
            >> h: repeat(12, Gpt2Block<S, D, H>)
            >> reshape(S, D)
            >> ln_f: layer_norm(D)
    ),
    #[tied(transformer.wte)]
    lm_head: linear!(D, V, bias = false),
}

/// A place of the text as numbers, added to those of the token that stands there.
#[model]
#[forward(|x: [S, D]| x + weight)]
pub struct Gpt2Positions<S: Dim, D: Dim> {
    #[init(normal(0.02))]
    weight: parameter!(S, D),
}

/// Each place looks at those before it, then thinks for itself.
#[model]
#[forward(|x: [S, D]| {
    let x = x + attn(ln_1(x));
    x + mlp(ln_2(x))
})]
#[init(normal(0.02), bias = zeros)]
pub struct Gpt2Block<S: Dim, D: Dim, H: Dim> {
    ln_1: layer_norm!(D),
    attn: net!(
        c_attn: linear(D, 3 * D, transposed = true)
            >> attention(H, causal = true)
            >> c_proj: linear(_, D, transposed = true)
    ),
    ln_2: layer_norm!(D),
    mlp: net!(
        c_fc: linear(D, 4 * D, transposed = true)
            >> gelu(approximate = tanh)
            >> c_proj: linear(_, D, transposed = true)
    ),
}
