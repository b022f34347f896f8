use tensor::prelude::*;

fn mistake(x: &Tensor<dims![Batch, 10]>) {
    x.narrow::<0, dim![0], dim![8]>();
}

fn main() {}
