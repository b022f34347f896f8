use tensor::prelude::*;

fn predict(x: &Tensor<dims![Batch, 784]>) {
    let _ = x;
}

fn mistake(x: &Tensor<dims![Batch, 28, 28]>) {
    predict(x);
}

fn main() {}
