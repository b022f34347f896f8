use tensor::prelude::*;

fn mistake(x: &Tensor<dims![8, 32, 64]>, y: &Tensor<dims![7, 64, 32]>) {
    x.matmul(y);
}

fn main() {}
