use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn train(mlp: Mlp, x: &Tensor<dims![Batch, 784]>, labels: &Tensor<dims![Batch, 10]>) {
    let mut step = mlp.compile(cross_entropy, Adam::new(1e-3));
    let _ = step.run(x, labels);
}

fn main() {}
