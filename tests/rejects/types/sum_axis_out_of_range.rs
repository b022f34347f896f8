use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.sum_axis::<2>();
}

fn main() {}
