use tensor::prelude::*;

declare_dims! { pub Seq; pub Len; }

#[model]
#[forward(|x: [Seq, 4], y: [Len, 4]| fc(x) + fc(y))]
struct Net {
    fc: Linear<4, 2>,
}

fn main() {}
