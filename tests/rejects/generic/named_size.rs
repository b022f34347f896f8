use tensor::prelude::*;

net! {
    type Mlp<D: Dim> = linear(D, D) >> relu;
    type Net = linear(10, 64) >> Mlp<D = 64>;
}

fn main() {}
