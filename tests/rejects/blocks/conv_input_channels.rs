use tensor::prelude::*;

net! { #[input(1, 28, 28)] pub type Net = conv2d(3, 8, 3) }

fn main() {}
