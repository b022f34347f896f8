use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>, y: &Tensor<dims![Batch, 11]>) {
    [x, y].stack::<0>();
}

fn main() {}
