use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    let _: (Tensor<dims![Batch, 4]>, Tensor<dims![Batch, 5]>) = x.split::<1, dim![4]>();
}

fn main() {}
