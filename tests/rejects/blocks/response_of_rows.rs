use tensor::prelude::*;

net! { pub type Net = [3] => local_response_norm(3) }

fn main() {}
