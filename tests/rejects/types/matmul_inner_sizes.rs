use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 784]>, y: &Tensor<dims![1048, 10]>) {
    x.matmul(y);
}

fn main() {}
