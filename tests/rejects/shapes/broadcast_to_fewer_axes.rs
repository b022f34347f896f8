use tensor::prelude::*;

fn mistake(x: &Tensor<dims![3, 10]>) {
    x.broadcast_to::<dims![10]>();
}

fn main() {}
