use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    let _: Tensor<dims![Batch]> = x.sum_axis::<0>();
}

fn main() {}
