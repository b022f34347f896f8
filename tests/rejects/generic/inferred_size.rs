use tensor::prelude::*;

net! {
    type Mlp<D: Dim> = linear(D, D) >> relu;
    type Net = linear(10, 64) >> Mlp<_>;
}

fn main() {}
