use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 784]>, y: &Tensor<dims![10, 784]>) {
    x.matmul(y);
}

fn main() {}
