use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.unsqueeze::<3>();
}

fn main() {}
