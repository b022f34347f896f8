use tensor::prelude::*;

fn project<D: Dim>(x: &Tensor<dims![Batch, D]>, w: &Tensor<dims![64, 10]>) -> Tensor<dims![Batch, 10]> {
    x.matmul(w)
}

fn main() {}
