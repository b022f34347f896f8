use tensor::prelude::*;

fn mistake(a: &Tensor<dims![4, 3]>) {
    let (_, _, _): (Tensor<dims![4, 4]>, Tensor<dims![3]>, Tensor<dims![4, 4]>) = a.svd_full().unwrap();
}

fn main() {}
