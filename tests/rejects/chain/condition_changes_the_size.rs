use tensor::prelude::*;

net! {
    pub type Mlp = linear(784, 128)
        >> #[cfg(debug_assertions)] linear(128, 64)
        >> #[cfg(not(debug_assertions))] linear(128, 32)
        >> linear(16, 10)
}

fn main() {}
