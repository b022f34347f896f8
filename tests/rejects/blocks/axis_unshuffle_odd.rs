use tensor::prelude::*;

net! { pub type Net = [2, 4, 5] => pixel_unshuffle(2) }

fn main() {}
