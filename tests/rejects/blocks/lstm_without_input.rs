use tensor::prelude::*;

net! { pub type Net = lstm(3, 4) >> flatten }

fn main() {}
