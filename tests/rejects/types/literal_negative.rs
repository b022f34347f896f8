use tensor::prelude::*;

type Mistake = dims![Batch, -1];

fn main() {}
