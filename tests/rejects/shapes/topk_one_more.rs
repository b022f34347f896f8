use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.topk::<1, dim![11]>(true);
}

fn main() {}
