use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28]>) {
    x.sum_axes::<KeptAxes<0, 2>>();
}

fn main() {}
