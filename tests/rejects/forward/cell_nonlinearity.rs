use tensor::prelude::*;

net! { type Net = rnn_cell(2, 4, nonlinearity = sigmoid) }

fn main() {}
