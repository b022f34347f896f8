use tensor::prelude::*;

fn mistake(x: &Tensor<dims![]>) {
    x.sum_axis::<-1>();
}

fn main() {}
