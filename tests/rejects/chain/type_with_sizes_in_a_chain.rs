use tensor::prelude::*;

net! { pub type Mlp = Linear<784, 128> >> relu }

fn main() {}
