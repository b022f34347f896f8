use tensor::prelude::*;

net! {
    pub type Mlp = linear(784, 128)
        >> #[cfg(a)] relu
        >> #[cfg(b)] tanh
        >> #[cfg(c)] gelu
        >> #[cfg(d)] silu
}

fn main() {}
