use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3, 10]>) {
    x.repeat::<dims![2]>();
}

fn main() {}
