use tensor::prelude::*;

fn flat<D: Dim>(x: &Tensor<dims![Batch, D, 4]>) {
    x.flatten::<1>();
}

fn main() {}
