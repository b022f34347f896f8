use tensor::prelude::*;

net! { pub type Net = [5, 3] => gru(_, 4, 2, dropout = 1.0) }

fn main() {}
