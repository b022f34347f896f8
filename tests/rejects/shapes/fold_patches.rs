use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 7]>) {
    x.fold::<dims![1, 9], dims![1, 2], dims![1, 1], dims![0, 0], dims![1, 1]>();
}

fn main() {}
