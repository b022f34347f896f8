use tensor::prelude::*;

type Mistake = dims![Batch 784];

fn main() {}
