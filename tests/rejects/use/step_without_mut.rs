use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn learn(mlp: &Mlp, adam: &mut Adam) -> tensor::Result<()> {
    adam.step(mlp)
}

fn main() {}
