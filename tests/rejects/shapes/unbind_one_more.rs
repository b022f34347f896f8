use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.unbind::<1, 11>();
}

fn main() {}
