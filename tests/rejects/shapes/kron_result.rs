use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3]>, y: &Tensor<dims![4, 3]>) -> Tensor<dims![8, 6]> {
    x.kron(y)
}

fn main() {}
