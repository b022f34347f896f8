use tensor::prelude::*;

net! { pub type Net = [5, 8] => transformer_decoder_layer(8, 2) }

fn main() {}
