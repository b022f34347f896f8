use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3, 4]>, y: &Tensor<dims![3]>) {
    x.mv(y);
}

fn main() {}
