use tensor::prelude::*;
use tensor::reduction::Mean;

fn mistake(x: &Tensor<dims![Batch, 4]>, y: &Tensor<dims![Batch, 5]>) {
    let _ = x.l1_loss(y, Mean);
}

fn main() {}
