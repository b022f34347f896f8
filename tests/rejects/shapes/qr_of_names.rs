use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 4]>) {
    let _ = x.qr();
}

fn main() {}
