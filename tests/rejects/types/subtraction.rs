use tensor::prelude::*;

type Mistake = dims![10 - 1];

fn main() {}
