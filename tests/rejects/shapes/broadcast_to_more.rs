use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3, 10]>) {
    x.broadcast_to::<dims![3, 11]>();
}

fn main() {}
