use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8], memory: [7, 8]| decoder(x, memory))]
pub struct Net {
    decoder: transformer_decoder_layer!(8, 3),
}

fn main() {}
