//! A recurrent net that foretells characters.

use tensor::prelude::*;

declare_dims! {
    /// How many characters a text has.
    pub Letters;
}

/// An LSTM of two layers that foretells the next of 65 characters at each place of a text, with 243,969 parameters: Graves, *Generating sequences
/// with recurrent neural networks*, 2013. It takes the states of both layers, zeros for a new text, and gives those with which it ended, so that a
/// text may be read in pieces, or written character by character.
///
/// ```
/// use examples::models::CharLstm;
/// use tensor::prelude::*;
/// let model = CharLstm::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 243_969);
/// let zeros = Tensor::<dims![1, 2, 128]>::zeros();
/// let (scores, h, c) = model.infer(&tensor![[7_i64, 0, 33]].try_into_shape()?, &zeros, &zeros);
/// let (next, _, _) = model.infer(&tensor![[12_i64]].try_into_shape()?, &h, &c);
/// assert_eq!((scores.sizes(), next.sizes()), (&[1, 3, 65][..], &[1, 1, 65][..]));
/// # Ok::<(), tensor::Error>(())
/// ```
#[model]
#[forward(|text: [Letters], h: [2, 128], c: [2, 128]| {
    let (read, h, c) = lstm(embedding(text), h, c);
    (out(read), h, c)
})]
pub struct CharLstm {
    embedding: Embedding<65, 64>,
    lstm: lstm!(64, 128, num_layers = 2),
    out: Linear<128, 65>,
}
