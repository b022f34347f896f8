use tensor::prelude::*;
use tensor::{Complex, fft::Norm};

fn mistake(x: &Tensor<dims![2, 6]>) {
    let _: Complex<f32, dims![2, 3]> = x.rfft::<1>(Norm::Backward).unwrap();
}

fn main() {}
