//! The library under another name, reached through a module, in a package of an older edition.

#![deny(warnings, missing_docs)]

use my_tensor::prelude::{Adam, Device, Optimizer, Seed, dim, dims, model, net, tensor};

/// What it is called in here.
mod deep {
    pub(crate) use my_tensor as learning;
}

my_tensor::declare_dims! {
    #![crate = my_tensor]
    Points;
    Width = 2;
}

net! {
    #![crate = my_tensor]
    /// By the crate's name.
    type Mlp = hidden: linear(2, 8) >> relu >> output: linear(8, 2);
    /// A second one.
    type Other = linear(2, 2) >> gelu
}

net! {
    #![crate = crate::deep::learning]
    /// By a path of the user's.
    type ByPath = linear(2, 2)
}

/// A model of models.
#[model(crate = my_tensor)]
struct Whole {
    mlp: Mlp,
    by_path: ByPath,
    layer: my_tensor::layers::Linear<2, 2>,
    last: net!(linear(_, 2) >> layer_norm(_)),
}

type Data = my_tensor::Tensor<dims![#![crate = my_tensor] Points, Width]>;
type Fixed = my_tensor::Tensor<(
    dim![#![crate = crate::deep::learning] 2 * 2],
    dim![#![crate = my_tensor] 2],
)>;

fn main() {
    let x = tensor![#![crate = my_tensor] [0., 0.], [0., 1.], [1., 0.], [1., 1.]];
    let _: &Fixed = &x;
    let x: Data = x.try_into_shape().unwrap();
    let y = tensor![#![crate = my_tensor] 0, 1, 1, 0].try_into_shape().unwrap();
    let mut model = Whole::new(&Device::cpu(), Seed(1));
    let mut adam = Adam::new(0.01);
    let loss = my_tensor::cross_entropy(&model.forward(&x), &y);
    loss.backward();
    adam.step(&mut model).unwrap();
    assert_eq!(Other::new(&Device::cpu(), Seed(1)).infer(&x).sizes(), [4, 2]);
    let nameless = net!(#![crate = my_tensor] linear(2, 3) >> relu);
    assert_eq!(nameless.infer(&x).sizes(), [4, 3]);
    println!("{model}");
}
