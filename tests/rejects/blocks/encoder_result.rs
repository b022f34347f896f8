use tensor::prelude::*;

net! { pub type Net = [5, 8] => transformer_encoder_layer(8, 2, 16) >> linear(16, 2) }

fn main() {}
