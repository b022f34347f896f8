use tensor::prelude::*;

fn mistake(x: &Tensor<dims![784, 10]>, y: &Tensor<dims![784]>) {
    x.matmul(y);
}

fn main() {}
