//! A trait of the user's that gives everything the methods which a model has.

use tensor::prelude::*;

#[allow(
    dead_code,
    clippy::new_ret_no_self,
    clippy::wrong_self_convention,
    reason = "that is what it is about"
)]
trait Everything: Sized {
    fn new(&self) {}
    fn forward(&self) {}
    fn infer(&self) {}
    fn backward(&self) {}
    fn parameters(&self) {}
    fn visit(&self) {}
    fn build(&self) {}
    fn part(&self) {}
    fn core(&self) {}
    fn eager(&self) {}
    fn slot(&self) {}
    fn size(&self) {}
    fn input(&self) {}
    fn output(&self) {}
    fn linear(&self) {}
    fn parameter(&self) {}
    fn clone(&self) {}
    fn fmt(&self) {}
    fn into(&self) {}
    fn as_ref(&self) {}
    fn default(&self) {}
    fn unary(&self) {}
    fn call(&self) {}
    fn gradient(&self) {}
}

impl<T> Everything for T {}

net! { type Mlp = hidden: linear(2, 8) >> relu >> norm: layer_norm(_) >> output: linear(8, 2) }

#[model]
struct Twice {
    first: Mlp,
    second: net!(linear(2, 2) >> gelu),
}

#[test]
fn runs() {
    let x = tensor![[0., 0.], [0., 1.]];
    let out = Twice::new(&Device::cpu(), Seed(1)).forward(&x);
    assert_eq!(out.sizes(), [2, 2]);
    assert_eq!(net!(linear(2, 3)).infer(&x).sizes(), [2, 3]);
}
