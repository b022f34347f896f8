use tensor::prelude::*;

net! { pub type Net = [2, 3, 4] => reflection_pad2d((3, 4, 0, 0)) }

fn main() {}
