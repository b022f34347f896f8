use tensor::prelude::*;

fn project(x: &Tensor<dims![Batch, 784]>, w: &Tensor<dims![784, 128]>) -> Tensor<dims![Batch, 10]> {
    x.matmul(w)
}

fn main() {}
