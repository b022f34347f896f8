use tensor::prelude::*;

fn mistake() {
    let hidden = 128;
    let _: Tensor<dims![hidden, 10]>;
}

fn main() {}
