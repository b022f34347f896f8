use tensor::prelude::*;

net! { pub type Net = [3] => reflection_pad1d(1) }

fn main() {}
