use tensor::prelude::*;

net! { pub type Net = [6] => rms_norm(8) }

fn main() {}
