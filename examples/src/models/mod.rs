//! Architectures that have a name, written in the language.

mod bert;
mod char_lstm;
pub mod gpt;
mod gpt2;
mod lenet;
mod mobilenet;
mod resnet;
mod unet;
mod vae;
mod vit;

pub use bert::{
    Bert, BertAttention, BertBase, BertEmbeddings, BertEncoder, BertHeads, BertLayer, BertOutput, Seq as BertSeq,
};
pub use char_lstm::{CharLstm, Letters};
pub use gpt2::{Gpt2, Gpt2Block, Gpt2Positions, Gpt2Small};
pub use lenet::LeNet;
pub use mobilenet::MobileNetV2;
pub use resnet::{Basic, Bottleneck, Down, DownBottleneck, ResNet18, ResNet50, WideBottleneck};
pub use unet::UNet;
pub use vae::Vae;
pub use vit::{Vit, VitB16};
