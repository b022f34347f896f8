use tensor::prelude::*;

net! {
    pub type First = linear(784, 128)
    pub type Second = linear(128, 10)
}

fn main() {}
