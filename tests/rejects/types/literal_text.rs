use tensor::prelude::*;

type Mistake = dims!["784"];

fn main() {}
