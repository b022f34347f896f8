//! Blocks over images of symbolic sizes, one behind the other: what the one makes, of whatever axes, the next takes.

use tensor::prelude::*;

use crate::hold;

/// Keeps its shape.
#[model]
#[forward(|x: [C, S, S]| tanh(conv2(gelu(conv1(x))) + x))]
pub struct Basic<C: Dim, S: Dim> {
    conv1: conv2d!(C, C, 3, padding = 1, bias = false),
    conv2: conv2d!(C, C, 3, padding = 1, bias = false),
}

/// Halves images and doubles their channels.
#[model]
#[forward(|x: [C, 2 * S, 2 * S]| tanh(conv(x) + shortcut(x)))]
pub struct Down<C: Dim, S: Dim> {
    conv: conv2d!(C, 2 * C, 3, stride = 2, padding = 1),
    shortcut: net!(conv2d(C, 2 * C, 1, stride = 2, bias = false) >> sigmoid),
}

net! {
    /// With what is between two models, and a sum over one.
    #[input(2, 8, 8)]
    pub type Tower = residual(Basic<2, 8>) >> Down<2, 4> >> gelu >> residual(Basic<4, 4> >> tanh) >> Down<4, 2>
        >> reshape(8, 2, 2) >> conv2d(8, 3, 2) >> flatten;
    /// All of it symbolic; nobody knows the axes of the result but the last model.
    #[input(C, 4 * S, 4 * S)]
    pub type Open<C: Dim, S: Dim> = Down<C, 2 * S> >> repeat(2, Basic<2 * C, 2 * S>) >> Down<2 * C, S>;
    #[input(1, 8, 8)]
    pub type Around = Open<1, 2> >> reshape(4, 2, 2) >> flatten >> linear(16, 2);
}

/// A chain of models in a forward.
#[model]
#[forward(|x: [2, 4, 4]| {
    let y: [4, 2, 2] = layer(x);
    head(flatten(avg_pool2d(y, 2)))
})]
pub struct Layers {
    layer: net!(Down<2, 2> >> Basic<4, 2>),
    head: Linear<4, 2>,
}

type Open2<T> = Open<dim![1], dim![2], T>;

hold! {
    towers Tower
    chains_in_forwards Layers
    models_whose_axes_nobody_knows Around
    models_that_end_in_such Open2
}

#[test]
fn what_a_chain_makes_is_what_its_last_model_makes() {
    type Taken<S> = <Open<dim![1], dim![1]> as Model>::Input<S>;
    type Two<S> = <Open<dim![1], dim![1]> as Model>::Output<S>;
    let model = Open::<dim![1], dim![1]>::new(&Device::cpu(), Seed(0));
    let x: Tensor<Taken<dim![5]>> = Tensor::zeros();
    let y: Tensor<Two<dim![5]>> = model.infer(&x);
    assert_eq!(y.sizes(), [5, 4, 1, 1]);
}
