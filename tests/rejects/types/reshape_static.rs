use tensor::prelude::*;

fn mistake(x: &Tensor<dims![12, 5]>) {
    x.reshape::<dims![7, 9]>();
}

fn main() {}
