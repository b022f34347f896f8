use tensor::prelude::*;

net! { pub type Net = [8] => pixel_unshuffle(2) }

fn main() {}
