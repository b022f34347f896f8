use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 5]>, weight: &Tensor<dims![10, 4]>) {
    x.linear(weight, None);
}

fn main() {}
