use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28]>) {
    x.swapaxes::<0, 2>();
}

fn main() {}
