use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 3]>) {
    x.flatten_axes::<2, 1>();
}

fn main() {}
