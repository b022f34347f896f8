use tensor::prelude::*;

fn mlp() {
    let _ = net!(< linear(784, 128) >> relu);
}

fn main() {}
