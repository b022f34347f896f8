use tensor::prelude::*;

fn mistake(x: &Tensor<dims![5]>, a: &Tensor<dims![2, 3]>, b: &Tensor<dims![3, 4]>) {
    x.addmm(a, b, 1., 1.);
}

fn main() {}
