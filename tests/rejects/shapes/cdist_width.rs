use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3]>, y: &Tensor<dims![5, 4]>) {
    let _ = x.cdist(y, 2.);
}

fn main() {}
