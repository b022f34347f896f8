use tensor::prelude::*;

fn mistake(a: &Tensor<dims![2, 3, 5]>) {
    let _ = a.tensorinv::<2>();
}

fn main() {}
