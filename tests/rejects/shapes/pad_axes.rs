use tensor::prelude::*;
use tensor::Pad;

fn mistake(x: &Tensor<dims![3, 4]>) {
    let _ = x.pad::<dims![1, 1], dims![1]>(Pad::Constant(0.));
}

fn main() {}
