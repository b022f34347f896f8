use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.squeeze::<0>();
}

fn main() {}
