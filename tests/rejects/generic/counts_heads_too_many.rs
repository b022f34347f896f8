use tensor::prelude::*;

net! { #[input(5, D)] type Net<D: Dim, H: Dim> = multi_head_attention(D, H) }

fn main() {
    Net::<dim![8], dim![5]>::new(&Device::cpu(), Seed(0));
}
