use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 3]>) {
    let _: Tensor<dims![3, 28, Batch]> = x.permute::<Axes<2, 0, 1>>();
}

fn main() {}
