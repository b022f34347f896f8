use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.select::<1, dim![10]>();
}

fn main() {}
