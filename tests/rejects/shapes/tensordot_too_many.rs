use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3]>, y: &Tensor<dims![2, 3, 4]>) {
    x.tensordot::<3, _>(y);
}

fn main() {}
