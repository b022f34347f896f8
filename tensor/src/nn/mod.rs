//! Parameters, buffers and the layers that hold them.

mod buffer;
mod builder;
mod candidate;
mod chance;
mod checkpoint;
mod convert;
pub mod dynamic;
pub mod init;
pub mod layers;
mod mode;
mod parameter;
pub(crate) mod recurrent;
#[cfg(test)]
mod tests;
mod trainable;
mod walk;

pub use buffer::Buffer;
pub(crate) use buffer::Cell;
pub use builder::{Builder, Of, Rule, layout};
pub(crate) use builder::{Held, check, copy, fresh, over};
pub use candidate::Candidate;
pub use chance::Chance;
pub(crate) use checkpoint::{load, save};
pub use init::Init;
pub use mode::Mode;
pub use parameter::{NamedParameter, Parameter};
pub use trainable::Trainable;
pub use walk::Walk;
pub(crate) use walk::{Met, Path, Visitor};

use crate::element::Float;

/// Something with parameters: a layer, a group of layers, a model.
///
/// The walk through the parts is the one order there is: names, positions in the flat buffer, files and optimizers all
/// follow it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a model",
    label = "not a layer, and not made by `#[model]` or `net!`"
)]
pub trait Module<T: Float>: Sized {
    /// Lays out the parameters and buffers, in the order in which [`Module::visit`] meets them.
    fn build(builder: &mut Builder<'_>) -> Self;
    /// Walks the parameters and buffers.
    fn visit(&self, walk: &mut Walk<'_>);
}

/// Parts of one kind, under their positions: `blocks.0.weight`.
impl<T: Float, M: Module<T>, const N: usize> Module<T> for [M; N] {
    fn build(builder: &mut Builder<'_>) -> Self {
        std::array::from_fn(|position| builder.within(position.to_string(), M::build))
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        for (position, part) in self.iter().enumerate() {
            walk.at(position.into(), |walk| part.visit(walk));
        }
    }
}
