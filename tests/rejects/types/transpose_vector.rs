use tensor::prelude::*;

fn mistake(x: &Tensor<dims![784]>) {
    x.transpose();
}

fn main() {}
