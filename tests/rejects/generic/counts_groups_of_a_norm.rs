use tensor::prelude::*;

net! { #[input(12, 5)] type Net<G: Dim> = group_norm(G, 12) }

fn main() {
    Net::<dim![5]>::new(&Device::cpu(), Seed(0));
}
