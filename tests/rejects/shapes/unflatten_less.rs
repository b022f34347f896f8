use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 512]>) {
    x.unflatten::<1, dims![7, 73]>();
}

fn main() {}
