//! Losses as values: a function of `tensor::functional` with its options. All fields are public, and `Default` has PyTorch's defaults.

mod classes;
mod plain;
mod three;
mod weighted;

pub use classes::*;
pub use plain::*;
pub use three::*;
pub use weighted::*;
