//! The typed face of the operations that change shapes: methods of `Tensor<S, T>` under the names that they have for `Tensor<Dynamic, T>`,
//! each with its rule of [`shape`](crate::shape).
//!
//! What a rule admits cannot fail for its sizes, save by two values of one named size; so these methods panic where the dynamic ones
//! return errors, and return a `Result` where values decide.

mod adaptive;
mod arrange;
mod axes;
mod ceil;
mod chains;
mod complex;
mod convert;
mod creation;
mod distances;
mod einsum;
mod factors;
mod groups;
mod images;
mod join;
mod layers;
mod losses;
mod matrices;
mod norms;
mod order;
mod pairs;
mod parts;
mod pieces;
mod products;
mod reduce;
pub mod reduction;
mod resize;
mod search;
mod sums;
mod systems;
mod transforms;

pub use chains::MultiDot;
pub use einsum::EinsumTensors;
pub use join::{CatTensors, StackTensors};
pub use pairs::JoinTensors;
pub use pieces::Lengths;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::names;
use crate::shape::{Axis, Dynamic, Shape};
use crate::tensors::Tensor;

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The same tensor for dynamic methods.
    fn dynamic(&self) -> Tensor<Dynamic, T> {
        Tensor::of(self.value().clone())
    }
}

/// What a dynamic method made of sizes that a rule has admitted.
#[track_caller]
fn known<S: Shape, T: Element>(out: Result<Tensor<Dynamic, T>>) -> Tensor<S, T> {
    match out {
        Ok(out) => Tensor::of(out.value().clone()),
        Err(error) => panic!("{error}"),
    }
}

/// The same of two results.
#[track_caller]
fn known_pair<S: Shape, R: Shape, T: Element, U: Element>(
    out: Result<(Tensor<Dynamic, T>, Tensor<Dynamic, U>)>,
) -> (Tensor<S, T>, Tensor<R, U>) {
    match out {
        Ok((first, second)) => (Tensor::of(first.value().clone()), Tensor::of(second.value().clone())),
        Err(error) => panic!("{error}"),
    }
}

/// What a dynamic method made of sizes that a rule has admitted, where values can be wrong.
fn named<S: Shape, T: Element>(out: Result<Tensor<Dynamic, T>>) -> Result<Tensor<S, T>> {
    Ok(Tensor::of(out?.value().clone()))
}

/// The same of two results.
#[allow(clippy::type_complexity, reason = "two results in one")]
fn named_pair<S: Shape, R: Shape, T: Element>(
    out: Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)>,
) -> Result<(Tensor<S, T>, Tensor<R, T>)> {
    let (first, second) = out?;
    Ok((Tensor::of(first.value().clone()), Tensor::of(second.value().clone())))
}

/// Panics where two values of one name meet.
#[track_caller]
fn agree(operation: &'static str, left: &[Axis], a: &[usize], right: &[Axis], b: &[usize]) {
    if let Err(error) = names::agree(operation, left, a, right, b) {
        panic!("{error}");
    }
}

/// Why the sizes of `to` are not known.
fn undetermined(operation: &'static str, to: String, sizes: &[usize]) -> Error {
    Error::shape(
        operation,
        to,
        format!("{}, which does not determine it", describe(sizes)),
    )
}
