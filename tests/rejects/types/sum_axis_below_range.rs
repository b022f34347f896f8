use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.sum_axis::<-3>();
}

fn main() {}
