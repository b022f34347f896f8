use tensor::prelude::*;

net! { pub type Net = [5, 8] => multi_head_attention(8) }

fn main() {}
