use tensor::prelude::*;

declare_dims! { HIDDEN = 3072; }

fn main() {}
