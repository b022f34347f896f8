use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [4]| plain(x, h))]
struct Net {
    plain: RnnCell<2, 4>,
}

fn main() {}
