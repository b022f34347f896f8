use tensor::prelude::*;

net! { pub type Net = [64] => residual() >> relu }

fn main() {}
