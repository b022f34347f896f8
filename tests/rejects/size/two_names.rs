use tensor::prelude::*;

declare_dims! {
    Hidden = 128;
    Width = 256;
}

net! { pub type Mlp = fc1: linear(784, Hidden) >> relu >> fc2: linear(Width, 10) }

fn main() {}
