//! The tape beyond one backward: chosen gradients, higher orders, hooks, functions, checkpoints, anomalies.

mod chosen;
mod functions;
mod hooks;
mod losses;
mod models;
mod orders;

use tensor::Element;
use tensor::prelude::*;

/// A dynamic tensor of one axis.
fn vector<T: Element>(data: &[T]) -> Tensor<Dynamic, T> {
    Tensor::from(data.to_vec())
}

/// The only gradient that was asked for.
fn only<T>(mut gradients: Vec<Option<T>>) -> T {
    gradients.pop().flatten().expect("the output depends on it")
}
