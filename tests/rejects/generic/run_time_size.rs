use tensor::prelude::*;

declare_dims! { Seq; }

net! {
    type Mlp<D: Dim> = linear(D, D) >> relu;
    type Net = Mlp<Seq>;
}

fn main() {}
