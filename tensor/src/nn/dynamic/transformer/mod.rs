//! Transformers, and what they are made of.

mod block;
mod decoder_layer;
mod encoder_layer;
mod stacks;

pub use block::{Activation, TransformerOptions};
pub use decoder_layer::{DecoderMasks, TransformerDecoderLayer};
pub use encoder_layer::TransformerEncoderLayer;
pub use stacks::{Transformer, TransformerDecoder, TransformerEncoder, TransformerMasks};
