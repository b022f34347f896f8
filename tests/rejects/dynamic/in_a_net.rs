use tensor::prelude::*;

net! {
    #[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x) })]
    type Net = layer: linear(8, 4);
}

fn main() {}
