use tensor::prelude::*;

type Mistake = dims![784usize];

fn main() {}
