use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 3]>) {
    x.permute::<Axes<2, 0>>();
}

fn main() {}
