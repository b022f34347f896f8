use tensor::prelude::*;

net! { type Net = linear(2, 4) >> alpha_dropout(1) }

fn main() {}
