use tensor::prelude::*;

#[model]
#[forward(|x: [64]| self.fc(x))]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
