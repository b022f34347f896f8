use tensor::prelude::*;

net! { pub type Net = [2, 3, 4, 5] => zero_pad3d((1, 1, 2, 2)) }

fn main() {}
