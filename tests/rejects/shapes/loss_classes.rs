use tensor::prelude::*;
use tensor::functional::ClassOptions;
use tensor::reduction::Mean;

fn mistake(x: &Tensor<dims![Batch, 10, 8]>, y: &Tensor<dims![Batch, 7], i64>) {
    let _ = x.cross_entropy(y, ClassOptions::default(), Mean);
}

fn main() {}
