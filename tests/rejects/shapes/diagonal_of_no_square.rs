use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 3, 4]>) {
    x.diagonal();
}

fn main() {}
