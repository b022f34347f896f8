use tensor::prelude::*;

declare_dims! { Seq; }

fn mistake(x: &Tensor<dims![Batch, Seq, 512]>) {
    x.reshape::<dims![Batch, Seq, 7, 64]>();
}

fn main() {}
