use tensor::prelude::*;
use tensor::reduction::Mean;

net! { pub type Mlp = linear(4, 8) >> relu >> linear(8, 2) }

fn train(mlp: Mlp) {
    mlp.compile(|out, y: &Tensor<dims![Batch, 3]>| out.tensor().l1_loss(y, Mean), Adam::new(1e-3));
}

fn main() {}
