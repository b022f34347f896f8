//! Heads and groups that are type parameters.

use tensor::prelude::*;

use crate::hold;

declare_dims! { pub Heads = 2; pub Width = 6; }

#[model]
#[forward(|x: [3, D]| project(attention(qkv(x), H, causal = true)))]
pub struct Looking<D: Dim, H: Dim> {
    qkv: Linear<D, { 3 * D }>,
    project: Linear<D, D>,
}

#[model]
#[input(3, D)]
pub struct Layers<D: Dim, H: Dim> {
    attention: MultiHeadAttention<D, H>,
    encoder: transformer_encoder_layer!(D, H, 2 * D, dropout = 0),
    four: multi_head_attention!(D, 2, causal = true),
}

/// A kernel for each channel, then channels in groups.
#[model]
#[input(C, 4, 3)]
pub struct Grouped<C: Dim, G: Dim> {
    depthwise: conv2d!(C, C, 3, padding = 1, groups = C),
    bend: Tanh,
    wide: conv2d!(C, 2 * C, 2, groups = G, bias = false),
    norm: group_norm!(G, 2 * C),
    mirrored: conv2d!(2 * C, C, 2, groups = C, padding = 1, padding_mode = replicate),
    back: conv_transpose2d!(C, 2 * C, 2, groups = G),
}

net! {
    /// Names that are no parameters, and models in models.
    #[input(3, 6)]
    pub type Named = multi_head_attention(Width, Heads) >> Layers<Width, Heads> >> layer_norm(6);
}

type Looking2<T> = Looking<dim![4], dim![2], T>;
type Looking3<T> = Looking<dim![3], dim![3], T>;
type Layers2<T> = Layers<dim![4], dim![4], T>;
type Grouped1<T> = Grouped<dim![2], dim![1], T>;
type Grouped2<T> = Grouped<dim![4], dim![2], T>;

hold! {
    two_heads Looking2
    as_many_heads_as_features Looking3
    layers Layers2
    one_group Grouped1
    two_groups Grouped2
    named Named
}

#[test]
fn parameters_are_those_of_the_numbers() {
    net! {
        #[input(4, 4, 3)]
        type Plain = depthwise: conv2d(4, 4, 3, padding = 1, groups = 4)
            >> bend: tanh
            >> wide: conv2d(4, 8, 2, groups = 2, bias = false)
            >> norm: group_norm(2, 8)
            >> mirrored: conv2d(8, 4, 2, groups = 4, padding = 1, padding_mode = replicate)
            >> back: conv_transpose2d(4, 8, 2, groups = 2);
    }
    let (cpu, seed) = (Device::cpu(), Seed(3));
    let (generic, plain) = (Grouped2::<f32>::new(&cpu, seed), Plain::new(&cpu, seed));
    let sizes = |parameters: Vec<tensor::NamedParameter<f32>>| -> Vec<(String, Vec<usize>)> {
        let sizes = |parameter: tensor::NamedParameter<f32>| (parameter.name, parameter.tensor.sizes().to_vec());
        parameters.into_iter().map(sizes).collect()
    };
    assert_eq!(sizes(generic.parameters()), sizes(plain.parameters()));
    let x = Tensor::<dims![2, 4, 4, 3]>::randn(&[2, 4, 4, 3], 1).unwrap();
    assert_eq!(generic.infer(&x).to_vec().unwrap(), plain.infer(&x).to_vec().unwrap());
}
