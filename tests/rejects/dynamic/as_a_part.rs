use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x) })]
struct Inner {
    layer: Linear<8, 4>,
}

net! { type Net = linear(2, 9) >> Inner >> linear(4, 2) }

fn main() {}
