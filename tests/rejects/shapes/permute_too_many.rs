use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28]>) {
    x.permute::<Axes<1, 0, 2>>();
}

fn main() {}
