use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8], mask: [4]| encoder(x, mask))]
pub struct Net {
    encoder: transformer_encoder_layer!(8, 2),
}

fn main() {}
