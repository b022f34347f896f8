use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn train(mlp: Mlp) {
    mlp.compile(mse, Adam::new(1e-3));
}

fn main() {}
