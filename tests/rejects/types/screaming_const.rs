use tensor::prelude::*;

const HIDDEN: usize = 128;

fn mistake(_: &Tensor<dims![Batch, HIDDEN]>) {}

fn main() {}
