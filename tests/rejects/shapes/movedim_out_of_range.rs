use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 28]>) {
    x.movedim::<0, -3>();
}

fn main() {}
