use tensor::prelude::*;

net! { pub type Mlp = fc1: linear(784, 128) >> relu >> fc2: linear(128, 10) }

fn widen(mlp: &mut Mlp) {
    mlp.fc1 = Linear::<dim![784], dim![256]>::new(&Device::cpu(), Seed(0));
}

fn main() {}
