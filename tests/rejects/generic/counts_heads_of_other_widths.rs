use tensor::prelude::*;

net! { #[input(5, D)] type Net<D: Dim, H: Dim> = linear(D, 3 * D) >> attention(H) >> linear(2 * D, D) }

fn main() {}
