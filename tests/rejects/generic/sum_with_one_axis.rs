use tensor::prelude::*;

net! { #[input(4)] type Images = reshape(1, 2, 2) >> conv2d(1, 1, 1) }

#[model]
#[forward(|x: [4]| images(x) + x)]
struct Net {
    images: Images,
}

fn main() {}
