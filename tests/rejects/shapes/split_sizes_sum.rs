use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    let (_, _, _) = x.split_sizes::<1, dims![4, 4, 3]>();
}

fn main() {}
