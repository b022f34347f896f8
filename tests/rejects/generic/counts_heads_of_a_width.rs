use tensor::prelude::*;

net! { #[input(5, D)] type Net<D: Dim> = multi_head_attention(D, 4) }

fn main() {
    Net::<dim![9]>::new(&Device::cpu(), Seed(0));
}
