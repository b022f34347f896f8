use tensor::prelude::*;

fn mistake(x: &Tensor<dims![784]>) {
    x.flatten::<1>();
}

fn main() {}
