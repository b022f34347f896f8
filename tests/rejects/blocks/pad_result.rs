use tensor::prelude::*;

net! { pub type Net = [1, 4, 4] => zero_pad2d((1, 0, 0, 0)) >> flatten >> linear(16, 10) }

fn main() {}
