use tensor::prelude::*;

type Mistake = dim![1, 2];

fn main() {}
