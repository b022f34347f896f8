use tensor::prelude::*;

net! { pub type Net = [16] => batch_norm2d(16) }

fn main() {}
