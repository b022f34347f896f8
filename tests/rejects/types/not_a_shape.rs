use tensor::prelude::*;

fn mistake(_: &Tensor<dim![784]>) {}

fn main() {}
