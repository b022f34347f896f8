use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.chunk::<1, 3>();
}

fn main() {}
