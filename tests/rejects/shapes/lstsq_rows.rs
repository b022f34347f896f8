use tensor::prelude::*;

fn mistake(a: &Tensor<dims![4, 3]>, b: &Tensor<dims![3, 1]>) {
    let _ = a.lstsq(b);
}

fn main() {}
