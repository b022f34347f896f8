use tensor::prelude::*;

declare_dims! { Seq; }

fn mistake(x: &Tensor<dims![Batch, 28, 28]>) {
    x.reshape::<dims![Seq, 784]>();
}

fn main() {}
