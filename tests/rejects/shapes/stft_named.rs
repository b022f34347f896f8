use tensor::prelude::*;
use tensor::fft::Beyond;

fn mistake(x: &Tensor<dims![Batch, Batch]>, window: &Tensor<dims![8]>) {
    let _ = x.stft::<dim![8], dim![2], _>(window, Beyond::Reflect);
}

fn main() {}
