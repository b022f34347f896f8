use tensor::prelude::*;

#[model]
#[forward(|x: [64], mask: [10]| fc(x) * mask)]
struct Net {
    fc: Linear<64, 10>,
}

fn run(x: &Tensor<dims![Batch, 64]>, labels: &Tensor<dims![Batch], i64>) {
    let mut step = Net::new(&Device::cpu(), Seed(0)).compile(cross_entropy, Sgd::new(0.1));
    let _ = step.run(x, labels);
}

fn main() {}
