use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 3, 8]>) {
    x.max_pool1d::<dims![3], dims![1], dims![2], dims![1]>();
}

fn main() {}
