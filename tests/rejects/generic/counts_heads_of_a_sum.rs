use tensor::prelude::*;

net! { #[input(5, D)] type Net<D: Dim, H: Dim> = multi_head_attention(D, 2 * H) >> linear(D, H) }

fn main() {}
