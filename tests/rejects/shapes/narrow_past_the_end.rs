use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.narrow::<1, dim![3], dim![8]>();
}

fn main() {}
