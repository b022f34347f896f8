use tensor::prelude::*;

type Mistake = dim![];

fn main() {}
