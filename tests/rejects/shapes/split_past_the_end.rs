use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.split::<1, dim![11]>();
}

fn main() {}
