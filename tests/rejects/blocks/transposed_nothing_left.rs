use tensor::prelude::*;

net! { pub type Net = [8, 1, 1] => conv_transpose2d(8, 8, 2, padding = 1) }

fn main() {}
