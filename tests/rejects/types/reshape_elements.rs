use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 28]>) {
    x.reshape::<dims![Batch, 783]>();
}

fn main() {}
