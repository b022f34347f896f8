use tensor::prelude::*;
use tensor::fft::Norm;

fn mistake(z: &Tensor<dims![2, 4]>) {
    let _ = z.irfft::<1, dim![8]>(Norm::Backward);
}

fn main() {}
