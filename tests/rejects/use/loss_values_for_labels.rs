use tensor::loss::nll_loss;
use tensor::prelude::*;

net! { pub type Mlp = linear(4, 8) >> relu >> linear(8, 2) >> log_softmax }

fn train(mlp: Mlp, x: &Tensor<dims![Batch, 4]>, y: &Tensor<dims![Batch, 2]>) {
    let mut step = mlp.compile(nll_loss, Adam::new(1e-3));
    let _ = step.run(x, y);
}

fn main() {}
