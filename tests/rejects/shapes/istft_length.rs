use tensor::prelude::*;
use tensor::Complex;

fn mistake(z: &Complex<f32, dims![5, 9]>, window: &Tensor<dims![8]>) {
    let _ = z.istft::<dim![8], dim![2], dim![18], _>(window);
}

fn main() {}
