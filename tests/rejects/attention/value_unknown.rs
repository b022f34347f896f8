use tensor::prelude::*;

#[model]
#[forward(|q: [5, 8], k: [7, 8]| linear(scaled_dot_product_attention(q, k, value, 2)))]
pub struct Net {
    linear: Linear<8, 8>,
}

fn main() {}
