use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    [x, x].stack::<3>();
}

fn main() {}
