use tensor::prelude::*;

net! { pub type Net = [3, 4] => dropout2d }

fn main() {}
