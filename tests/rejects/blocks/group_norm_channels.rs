use tensor::prelude::*;

net! { pub type Net = [6, 8, 8] => group_norm(2, 8) }

fn main() {}
