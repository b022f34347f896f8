use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => upsample(2, align_corners = true) }

fn main() {}
