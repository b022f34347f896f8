use tensor::prelude::*;

net! { #[input(3, 8, 8)] type Down = conv2d(3, 3, 2, stride = 2) }

#[model]
#[forward(|x: [3, 8, 8]| {
    let h: [3, 4, 5] = down(x);
    relu(h)
})]
struct Net {
    down: Down,
}

fn main() {}
