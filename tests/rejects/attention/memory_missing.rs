use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8]| decoder(x))]
pub struct Net {
    decoder: transformer_decoder_layer!(8, 2),
}

fn main() {}
