use tensor::prelude::*;

declare_dims! { Seq; Width = 384; }

fn attend(x: &Tensor<dims![Batch, Seq, Width]>) {
    let _ = x;
}

fn mistake(x: &Tensor<dims![Seq, Batch, Width]>) {
    attend(x);
}

fn main() {}
