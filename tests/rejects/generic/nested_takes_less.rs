use tensor::prelude::*;

net! {
    type Mlp<D: Dim> = linear(D, 4 * D) >> relu;
    type Net = linear(10, 64) >> Mlp<32>;
}

fn main() {}
