use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn predict(mlp: &Mlp, x: &Tensor<dims![Batch, 64]>) {
    mlp.forward(x);
}

fn main() {}
