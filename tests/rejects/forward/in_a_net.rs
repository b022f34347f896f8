use tensor::prelude::*;

net! {
    #[forward(|x: [64]| fc(x))]
    type Net = fc: linear(64, 10)
}

fn main() {}
