use tensor::prelude::*;

net! { pub type Net = [2, 3] => circular_pad1d((4, 3)) }

fn main() {}
