//! Nothing is in scope that is not named.

#![no_implicit_prelude]

::tensor::net! { type Mlp = hidden: linear(2, 8) >> relu >> dropout(0.1) >> output: linear(8, 2) }

::tensor::declare_dims! {
    Points;
    Width = 2;
}

#[::tensor::model]
struct Whole {
    mlp: Mlp,
    norm: ::tensor::layers::LayerNorm<2>,
    last: ::tensor::net!(linear(_, 2) >> log_softmax),
}

mod inner {
    ::tensor::net! { pub(crate) type Inner = linear(2, 2) >> tanh }
}

fn main() {
    let points = ::tensor::Tensor::<::tensor::dims![Points, Width]>::randn(&[4, 2], 1).unwrap();
    let labels = ::tensor::tensor![0, 1, 1, 0]
        .try_into_shape::<::tensor::dims![Points]>()
        .unwrap();
    let mut step = Whole::new(&::tensor::Device::cpu(), ::tensor::Seed(1))
        .compile(::tensor::cross_entropy, ::tensor::Adam::new(0.01));
    ::core::assert!(step.run(&points, &labels).unwrap() > 0.0);
    let nameless = ::tensor::net!(linear(2, 3) >> relu);
    ::core::assert_eq!(nameless.infer(&points).sizes(), [4, 3]);
    let inner = inner::Inner::new(&::tensor::Device::cpu(), ::tensor::Seed(1));
    ::core::assert_eq!(inner.forward(&points).sizes(), [4, 2]);
    ::std::println!("{}", step.model());
}
