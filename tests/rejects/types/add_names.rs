use tensor::prelude::*;

declare_dims! { Seq; }

fn mistake(x: &Tensor<dims![Batch, 64]>, y: &Tensor<dims![Seq, 64]>) {
    let _ = x + y;
}

fn main() {}
