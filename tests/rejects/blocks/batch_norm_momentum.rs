use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => batch_norm2d(3, momentum = fast) }

fn main() {}
