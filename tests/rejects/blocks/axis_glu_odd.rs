use tensor::prelude::*;

net! { pub type Net = [4, 5] => glu }

fn main() {}
