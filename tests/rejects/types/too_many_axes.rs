use tensor::prelude::*;

type Mistake = dims![1, 2, 3, 4, 5, 6, 7];

fn main() {}
