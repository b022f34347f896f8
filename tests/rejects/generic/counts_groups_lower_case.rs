use tensor::prelude::*;

net! { #[input(C, 5)] type Net<C: Dim> = conv1d(C, C, 3, groups = channels) }

fn main() {}
