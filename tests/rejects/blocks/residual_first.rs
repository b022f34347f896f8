use tensor::prelude::*;

net! { pub type Net = residual(linear(64, 64)) >> relu }

fn main() {}
