//! Architectures that have a name, written in the language.

pub mod gpt;
mod lenet;
mod mobilenet;
mod unet;

pub use lenet::LeNet;
pub use mobilenet::MobileNetV2;
pub use unet::UNet;
