use tensor::prelude::*;

net! { pub type Net = [4, 6] => glu >> linear(4, 2) }

fn main() {}
