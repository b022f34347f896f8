//! Types, traits and modules of the user's with names that everybody knows.

#![allow(dead_code, non_camel_case_types)]

pub struct Result;
pub struct Vec;
pub struct Box;
pub struct String;
pub enum Option {
    Some,
    None,
    Ok,
    Err,
}
pub struct T;
pub struct B;
pub struct S;
pub struct Batch;
pub struct Linear;
pub struct Relu;
pub struct Tensor;
pub struct Device;
pub struct Seed;
pub struct Float;
pub struct Default;
pub struct Size;
pub struct Dynamic;
pub struct f32;
pub struct usize;
pub struct str;
pub struct bool;
pub trait Clone {}
pub trait Debug {}
pub trait Display {}
pub trait Fn {}
pub trait Sized {}
pub trait Into {}
pub trait From {}
pub trait Iterator {}
pub trait Model {}
pub trait Module {}
pub trait Dim {}
pub mod std {}
pub mod core {}
pub mod alloc {}
pub mod tensor {}
pub mod layers {}
pub mod shape {}
pub mod digits {}

::tensor::net! {
    /// As a type of its own.
    pub type Mlp = first: linear(2, 8) >> tanh >> norm: layer_norm(_) >> dropout(0.1) >> second: linear(8, 2)
}

/// As a struct.
#[::tensor::model]
pub struct Pair {
    first: Mlp,
    second: ::tensor::layers::Linear<2, 4>,
    third: ::tensor::layers::Relu,
    fourth: ::tensor::net!(linear(4, 2) >> log_softmax),
}

::tensor::declare_dims! {
    Row;
    Wide = 8;
}

type Points = ::tensor::Tensor<::tensor::dims![Row, Wide], ::core::primitive::f32>;

#[test]
fn trains() {
    let x = ::tensor::tensor![[0., 0.], [0., 1.], [1., 0.], [1., 1.]];
    let y = ::tensor::tensor![0, 1, 1, 0];
    let device = ::tensor::Device::cpu();
    let model = Pair::new(&device, ::tensor::Seed(1));
    let mut step = model.compile(::tensor::cross_entropy, ::tensor::Sgd::new(0.1));
    let first = step.run(&x, &y).unwrap();
    for _ in 0..50 {
        step.run(&x, &y).unwrap();
    }
    assert!(step.run(&x, &y).unwrap() < first);
    let nameless = ::tensor::net!(linear(2, 3) >> relu);
    assert_eq!(nameless.infer(&x).sizes(), [4, 3]);
    let points = Points::randn(&[5, 8], 1).unwrap();
    assert_eq!(points.len(), 40);
}
