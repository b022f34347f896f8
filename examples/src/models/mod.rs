//! Architectures that have a name, written in the language.

pub mod gpt;
mod lenet;
mod mobilenet;
mod resnet;
mod unet;

pub use lenet::LeNet;
pub use mobilenet::MobileNetV2;
pub use resnet::{Basic, Bottleneck, Down, DownBottleneck, ResNet18, ResNet50, WideBottleneck};
pub use unet::UNet;
