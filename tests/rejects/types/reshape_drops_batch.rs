use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 28]>) {
    x.reshape::<dims![64, 784]>();
}

fn main() {}
