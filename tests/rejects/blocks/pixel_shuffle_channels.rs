use tensor::prelude::*;

net! { pub type Net = [6, 2, 2] => pixel_shuffle(2) }

fn main() {}
