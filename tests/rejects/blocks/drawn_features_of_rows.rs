use tensor::prelude::*;

net! { type Net = linear(2, 4) >> feature_alpha_dropout(0.1) }

fn main() {}
