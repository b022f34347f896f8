use tensor::prelude::*;

#[model]
#[forward(|x: [C, 2 * S, 2 * S]| relu(conv(x)))]
struct Down<C: Dim, S: Dim> {
    conv: conv2d!(C, 2 * C, 3, stride = 2, padding = 1),
}

net! { #[input(2, 16, 16)] type Net = Down<2, 8> >> residual(relu >> Down<4, 4>) >> reshape(256) }

fn main() {}
