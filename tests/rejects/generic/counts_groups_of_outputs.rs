use tensor::prelude::*;

net! { #[input(G, 5)] type Net<G: Dim> = conv1d(G, 4, 3, groups = G) }

fn main() {
    Net::<dim![3]>::new(&Device::cpu(), Seed(0));
}
