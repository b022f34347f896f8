use tensor::prelude::*;

net! { pub type Net = [2, 12] => unflatten(2, (3, 5)) }

fn main() {}
