use tensor::prelude::*;

fn mistake(x: &Tensor<dims![2, 3, 8, 8]>) {
    let _: Tensor<dims![2, 3, 4, 5]> = x.adaptive_avg_pool2d::<dims![4, 4]>();
}

fn main() {}
