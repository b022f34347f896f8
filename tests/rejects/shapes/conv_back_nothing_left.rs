use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 3, 2]>, w: &Tensor<dims![3, 8, 3]>) {
    x.conv_transpose1d::<_, dims![1], dims![2], dims![1], dims![0]>(w, None);
}

fn main() {}
