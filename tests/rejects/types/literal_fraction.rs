use tensor::prelude::*;

type Mistake = dims![1.5];

fn main() {}
