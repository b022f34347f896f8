use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3]>, y: &Tensor<dims![2, 4]>) {
    (x, y).vstack();
}

fn main() {}
