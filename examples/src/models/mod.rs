//! Architectures that have a name, written in the language.

mod lenet;

pub use lenet::LeNet;
