use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3]>, y: &Tensor<dims![4, 2]>) {
    x.tensordot_axes::<Axes<1>, Axes<0>, _>(y);
}

fn main() {}
