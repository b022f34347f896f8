use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch]>) {
    let _ = x.qr();
}

fn main() {}
