use tensor::prelude::*;

fn predict(x: &Tensor<dims![Batch, 784]>) {
    let _ = x;
}

fn mistake(x: &Tensor<dims![Batch, 784], f64>) {
    predict(x);
}

fn main() {}
