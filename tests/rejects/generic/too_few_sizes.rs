use tensor::prelude::*;

net! {
    type Mlp<D: Dim, H: Dim> = linear(D, H) >> relu;
    type Net = linear(10, 64) >> Mlp<64>;
}

fn main() {}
