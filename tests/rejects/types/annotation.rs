use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 784]>) {
    let _: &Tensor<dims![Batch, 10]> = x;
}

fn main() {}
