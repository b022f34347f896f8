use tensor::prelude::*;

declare_dims! { Hidden = 100; }

net! { type Net = linear(10, Hidden / 8) >> relu }

fn main() {}
