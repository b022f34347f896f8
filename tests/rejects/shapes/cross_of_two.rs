use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 2]>) {
    x.cross::<1>(x);
}

fn main() {}
