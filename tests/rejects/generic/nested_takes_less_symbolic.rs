use tensor::prelude::*;

net! {
    type Mlp<D: Dim> = linear(D, 4 * D) >> relu;
    type Twice<D: Dim> = Mlp<D> >> Mlp<2 * D>;
    type Net = Twice<16>;
}

fn main() {}
