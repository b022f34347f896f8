use tensor::prelude::*;

net! { pub type Net = [5, 3] => rnn(3, 4, nonlinearity = sigmoid) }

fn main() {}
