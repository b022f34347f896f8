use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3, 5]>, y: &Tensor<dims![4, 5]>) {
    x.searchsorted(y, false);
}

fn main() {}
