use tensor::prelude::*;

fn mistake() {
    let _ = Tensor::<dims![Batch, 784]>::zeros();
}

fn main() {}
