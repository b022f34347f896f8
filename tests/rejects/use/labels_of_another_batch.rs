use tensor::prelude::*;

declare_dims! { Other; }

net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn train(mlp: Mlp, x: &Tensor<dims![Batch, 784]>, labels: &Tensor<dims![Other], i64>) {
    let mut step = mlp.compile(cross_entropy, Adam::new(1e-3));
    let _ = step.run(x, labels);
}

fn main() {}
