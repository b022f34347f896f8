use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 784]>, y: &Tensor<dims![783]>) {
    let _ = x + y;
}

fn main() {}
