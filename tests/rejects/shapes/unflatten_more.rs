use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 512]>) {
    x.unflatten::<1, dims![27, 19]>();
}

fn main() {}
