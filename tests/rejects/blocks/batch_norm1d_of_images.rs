use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => batch_norm1d(3) }

fn main() {}
