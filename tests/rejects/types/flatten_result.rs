use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28, 28]>) {
    let _: Tensor<dims![Batch, 728]> = x.flatten::<1>();
}

fn main() {}
