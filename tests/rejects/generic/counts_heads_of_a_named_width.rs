use tensor::prelude::*;

declare_dims! { Width = 10; Heads = 4; }

net! { #[input(5, Width)] type Net = multi_head_attention(Width, Heads) }

fn main() {}
