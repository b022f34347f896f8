use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.unfold::<1, dim![11], dim![1]>();
}

fn main() {}
