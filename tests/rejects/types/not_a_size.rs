use tensor::prelude::*;

fn mistake(_: &Tensor<dims![Batch, String]>) {}

fn main() {}
