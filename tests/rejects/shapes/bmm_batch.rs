use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3, 4]>, y: &Tensor<dims![3, 4, 5]>) {
    x.bmm(y);
}

fn main() {}
