use tensor::prelude::*;

net! { type Net<D: Dim, H: Dim> = linear(D, D / (H + 1)) >> linear(_, H) }

fn main() {}
