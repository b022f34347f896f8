use tensor::prelude::*;

#[model]
#[forward(|x: [C, 2 * S, 2 * S]| relu(conv(x)))]
struct Down<C: Dim, S: Dim> {
    conv: conv2d!(C, 2 * C, 3, stride = 2, padding = 1),
}

net! { #[input(2, 8, 8)] type Net = Down<2, 4> >> conv2d(4, 3, 1) }

fn main() {}
