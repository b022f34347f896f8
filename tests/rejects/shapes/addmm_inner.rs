use tensor::prelude::*;

fn mistake(x: &Tensor<dims![4]>, a: &Tensor<dims![2, 3]>, b: &Tensor<dims![4, 4]>) {
    x.addmm(a, b, 1., 1.);
}

fn main() {}
