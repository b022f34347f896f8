use tensor::prelude::*;
use tensor::functional::Interpolate;

fn mistake(x: &Tensor<dims![2, 3, 4]>) {
    let _: Tensor<dims![2, 3, 7]> = x.upsample::<dims![2]>(Interpolate::default()).unwrap();
}

fn main() {}
