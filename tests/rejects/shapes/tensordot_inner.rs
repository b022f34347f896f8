use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3, 4]>, y: &Tensor<dims![3, 5, 2]>) {
    x.tensordot::<2, _>(y);
}

fn main() {}
