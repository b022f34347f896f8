//! Values that PyTorch made: packs of a json file with the calls and a safetensors file with the numbers.

mod argument;
mod pack;
mod tolerance;

pub use argument::Argument;
pub use pack::{Pack, Stored};
pub use tolerance::{compare, compare_as};
