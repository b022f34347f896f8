use tensor::Interpolation;
use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 4]>, q: &Tensor<dims![3]>) -> Tensor<dims![Batch, 3]> {
    x.quantiles::<1, _>(q, Interpolation::Linear).unwrap()
}

fn main() {}
