use tensor::prelude::*;

net! { pub type Net = [8, 4, 4] => conv_transpose2d(16, 8, 2) }

fn main() {}
