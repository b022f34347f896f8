use tensor::prelude::*;

fn mistake(x: &Tensor<dims![32, 3]>, y: &Tensor<dims![32, 4]>) {
    x.mul(y);
}

fn main() {}
