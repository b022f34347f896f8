use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn predict(mlp: &Mlp, x: &Tensor<Dynamic>) {
    mlp.forward(x);
}

fn main() {}
