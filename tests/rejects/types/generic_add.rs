use tensor::prelude::*;

fn residual<D: Dim>(x: &Tensor<dims![Batch, D]>, y: &Tensor<dims![Batch, D]>) -> Tensor<dims![Batch, D]> {
    x + y
}

fn main() {}
