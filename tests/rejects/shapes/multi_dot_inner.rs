use tensor::prelude::*;

fn mistake(a: &Tensor<dims![2, 3]>, b: &Tensor<dims![3, 4]>, c: &Tensor<dims![5, 2]>) {
    (a, b, c).multi_dot();
}

fn main() {}
