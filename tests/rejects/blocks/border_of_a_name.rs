use tensor::prelude::*;

declare_dims! { Length; }

net! { pub type Net = [2, Length] => circular_pad1d(1) >> tanh }

fn main() {}
