use tensor::prelude::*;

net! { pub type Mlp = linear(4, 8) >> relu >> linear(8, 2) }

fn train(mlp: Mlp) {
    mlp.compile(|out, labels: &tensor::Labels| out.tensor(), Adam::new(1e-3));
}

fn main() {}
