use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>, y: &Tensor<dims![Batch, 11]>) {
    let _: Tensor<dims![Batch, 20]> = (x, y).cat::<1>();
}

fn main() {}
