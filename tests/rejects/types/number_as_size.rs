use tensor::prelude::*;

fn mistake(_: &Tensor<(Batch, 784)>) {}

fn main() {}
