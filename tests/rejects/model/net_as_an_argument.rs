use tensor::prelude::*;

fn run(mlp: net!(linear(784, 10))) {}

fn main() {}
