use tensor::prelude::*;

declare_dims! { Seq; }

fn mistake(x: &Tensor<dims![Batch, Seq]>, y: &Tensor<dims![Batch, 10]>) {
    x.matmul(y);
}

fn main() {}
