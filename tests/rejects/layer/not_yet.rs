use tensor::prelude::*;

net! { pub type Mlp = lstm(8, 3) >> relu }

fn main() {}
