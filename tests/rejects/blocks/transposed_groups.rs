use tensor::prelude::*;

net! { pub type Net = [8, 4, 4] => conv_transpose2d(8, 9, 2, groups = 2) }

fn main() {}
