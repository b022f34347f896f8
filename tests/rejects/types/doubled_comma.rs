use tensor::prelude::*;

type Mistake = dims![1, , 2];

fn main() {}
