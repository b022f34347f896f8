use tensor::prelude::*;

use tensor::shape::StaticDim;

fn sum<D: StaticDim>(x: &Tensor<dims![Batch, D]>, y: &Tensor<dims![Batch, 64]>) {
    let _ = x + y;
}

fn main() {}
