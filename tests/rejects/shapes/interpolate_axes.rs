use tensor::prelude::*;
use tensor::functional::Interpolate;

fn mistake(x: &Tensor<dims![2, 3, 8, 8]>) {
    let _ = x.interpolate::<dims![16]>(Interpolate::default());
}

fn main() {}
