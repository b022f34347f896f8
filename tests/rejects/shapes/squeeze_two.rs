use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 2, 10]>) {
    x.squeeze::<1>();
}

fn main() {}
