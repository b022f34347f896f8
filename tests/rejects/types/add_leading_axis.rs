use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 784]>, y: &Tensor<dims![Batch]>) {
    let _ = x + y;
}

fn main() {}
