use tensor::prelude::*;

net! { pub type Net = [784] => reshape() }

fn main() {}
