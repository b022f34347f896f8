use tensor::prelude::*;

fn mistake(x: &Tensor<dims![1, 2, 1]>) {
    x.squeeze_axes::<Axes<0, 1>>();
}

fn main() {}
