use tensor::prelude::*;

net! { pub type Net = [5, 8] => linear(8, 9) >> transformer_encoder_layer(_, 2) }

fn main() {}
