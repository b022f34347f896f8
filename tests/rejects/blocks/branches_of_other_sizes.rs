use tensor::prelude::*;

net! { pub type Net = [2, 4, 4] => cat(conv2d(2, 3, 3), conv2d(2, 2, 1), axis = 1) }

fn main() {}
