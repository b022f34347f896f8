use tensor::prelude::*;

#[model]
#[forward(|x: [5, D], memory: [7, D]| decoder(x, memory))]
pub struct Net<D: Dim> {
    decoder: transformer_decoder_layer!(D, 1),
}

fn main() {}
