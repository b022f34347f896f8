use tensor::prelude::*;

net! { pub type Net = [8] => multi_head_attention(8, 2) }

fn main() {}
