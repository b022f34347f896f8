use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 0, 10]>) {
    x.squeeze::<1>();
}

fn main() {}
