use tensor::prelude::*;

fn mistake(x: &Tensor<dims![]>, y: &Tensor<dims![64, 32]>) {
    x.matmul(y);
}

fn main() {}
