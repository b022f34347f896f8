use tensor::prelude::*;

fn mistake(_: &Tensor<dims![Batch, Sequ, 784]>) {}

fn main() {}
