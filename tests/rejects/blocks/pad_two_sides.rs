use tensor::prelude::*;

net! { pub type Net = [1, 8, 8] => zero_pad2d((1, 2)) }

fn main() {}
