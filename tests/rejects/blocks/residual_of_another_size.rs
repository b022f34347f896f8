use tensor::prelude::*;

net! { pub type Net = [64] => residual(linear(64, 32) >> relu) >> linear(_, 10) }

fn main() {}
