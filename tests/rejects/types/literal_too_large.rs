use tensor::prelude::*;

type Mistake = dims![99999999999999];

fn main() {}
