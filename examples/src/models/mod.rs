//! Architectures that have a name, written in the language.

mod lenet;
mod unet;

pub use lenet::LeNet;
pub use unet::UNet;
