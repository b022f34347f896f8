use tensor::prelude::*;
use tensor::functional::{Attention, AttentionMask};

fn mistake(q: &Tensor<dims![2, 4, 3]>, k: &Tensor<dims![2, 5, 3]>, v: &Tensor<dims![2, 4, 6]>) {
    let _ = q.scaled_dot_product_attention(k, v, AttentionMask::None, Attention::default());
}

fn main() {}
