use tensor::prelude::*;

net! { pub type Net = [6, 2, 2] => channel_shuffle(4) }

fn main() {}
