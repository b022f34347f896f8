use tensor::prelude::*;

type Mistake = dims![_, Batch, -2, 3];

fn main() {}
