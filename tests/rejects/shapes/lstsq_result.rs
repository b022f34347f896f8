use tensor::prelude::*;

fn mistake(a: &Tensor<dims![4, 3]>, b: &Tensor<dims![4, 1]>) {
    let _: Tensor<dims![4, 1]> = a.lstsq(b).unwrap();
}

fn main() {}
