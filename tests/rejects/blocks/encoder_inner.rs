use tensor::prelude::*;

net! { pub type Net = [5, 8] => transformer_encoder_layer(8, 2, _) }

fn main() {}
