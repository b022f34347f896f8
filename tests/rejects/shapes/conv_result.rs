use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 3, 9]>, w: &Tensor<dims![8, 3, 3]>) {
    let _: Tensor<dims![Batch, 8, 4]> = x.conv1d::<_, dims![2], dims![1], dims![1]>(w, None);
}

fn main() {}
