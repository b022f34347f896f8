use tensor::prelude::*;

net! { pub type Net = [8, 7, 7] => conv_transpose2d(8, 1, 4, stride = 2, padding = 1) >> flatten >> linear(195, 10) }

fn main() {}
