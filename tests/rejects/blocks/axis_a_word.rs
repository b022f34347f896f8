use tensor::prelude::*;

net! { pub type Net = [3, 4] => glu(axis = last) }

fn main() {}
