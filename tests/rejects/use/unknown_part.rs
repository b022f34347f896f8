use tensor::prelude::*;

net! { pub type Mlp = fc1: linear(784, 128) >> relu >> fc2: linear(128, 10) }

fn look(mlp: &Mlp) {
    println!("{}", mlp.fc3.weight);
}

fn main() {}
