use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8], memory: [7, 8], mask: [5]| decoder(x, memory, mask))]
pub struct Net {
    decoder: transformer_decoder_layer!(8, 2),
}

fn main() {}
