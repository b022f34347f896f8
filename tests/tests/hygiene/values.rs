//! Values and functions of the user's with the names of arguments and locals. A constant in the place of a pattern would be
//! compared with, and not bound.

#![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

const x: i8 = 0;
static grad: i8 = 0;
static PROGRAM: i8 = 0;
static PARAMETERS: i8 = 0;
const None: i8 = 0;
const Ok: i8 = 0;
const Err: i8 = 0;
fn batch() {}
fn batch_size() {}
fn x_in() {}
fn d_x_in() {}
fn hidden_out() {}
fn d_hidden_out() {}
fn d_hidden_pre() {}
fn output_out() {}
fn d_output_out() {}
fn relu_1_out() {}
fn norm_stats() {}
fn out() {}
fn d_out() {}
fn pass() {}
fn plan() {}
fn builder() {}
fn walk() {}
fn eager() {}
fn device() {}
fn seed() {}
fn f() {}
fn path() {}
fn loss() {}
fn optimizer() {}
struct tensor;
struct net;
struct model;
fn forward() {}
fn infer() {}
fn backward() {}
fn plan_training() {}
fn plan_inference() {}
fn drop() {}
fn linear() {}
fn relu() {}
fn build() {}
#[allow(non_snake_case)]
fn Some() {}

::tensor::net! {
    type Mlp = hidden: linear(2, 8) >> relu >> norm: layer_norm(_) >> dropout(0.1) >> output: linear(8, 2)
}

#[::tensor::model]
struct Twice {
    x: Mlp,
    grad: ::tensor::net!(linear(2, 2) >> gelu),
}

#[test]
fn trains() {
    let points = ::tensor::tensor![[0., 0.], [0., 1.], [1., 0.], [1., 1.]];
    let labels = ::tensor::tensor![0, 1, 1, 0];
    let nameless = ::tensor::net!(linear(2, 3) >> relu);
    assert_eq!(nameless.infer(&points).sizes(), [4, 3]);
    let mut step = Twice::new(&::tensor::Device::cpu(), ::tensor::Seed(1))
        .compile(::tensor::cross_entropy, ::tensor::Adam::new(0.05));
    let before = step.run(&points, &labels).unwrap();
    for _ in 0..50 {
        step.run(&points, &labels).unwrap();
    }
    assert!(step.run(&points, &labels).unwrap() < before);
}
