use tensor::prelude::*;

net! {
    type Net = first: linear(8, 8)
        >> #[tied(first)] second: linear(8, 8, bias = false)
        >> #[tied(second)] third: linear(8, 8, bias = false)
}

fn main() {}
