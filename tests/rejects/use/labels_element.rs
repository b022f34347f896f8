use tensor::prelude::*;

fn loss(logits: &Tensor<dims![Batch, 10]>, labels: &Tensor<dims![Batch]>) {
    cross_entropy(logits, labels).backward();
}

fn main() {}
