use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 4]>, y: &Tensor<dims![5, 3]>) {
    x.inner(y);
}

fn main() {}
