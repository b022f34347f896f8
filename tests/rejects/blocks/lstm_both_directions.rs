use tensor::prelude::*;

net! { pub type Net = [5, 3] => lstm(3, 4, bidirectional = true) >> linear(4, 2) }

fn main() {}
