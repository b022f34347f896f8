use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28]>) {
    x.sum_axes::<Axes<1, -1>>();
}

fn main() {}
