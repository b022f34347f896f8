use tensor::prelude::*;

fn mistake(a: &Tensor<dims![3, 3]>, b: &Tensor<dims![3, 2]>) {
    let _ = a.solve_right(b);
}

fn main() {}
