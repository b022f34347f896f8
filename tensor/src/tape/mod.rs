//! The tape: what was done to a tensor that has gradients, so that it can be gone through backwards.
//!
//! An operation on a tracked value leaves a [`Node`]: its rule, what the rule needs, and the nodes its inputs came from.
//! There is no list anywhere; the graph is what the values hold on to, and it goes when they go.

mod backward;
mod mode;
mod node;
mod rule;

use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use backward::{backward, poison};
pub use mode::no_grad;
pub(crate) use mode::recording;
pub(crate) use node::{Inputs, Node, Saved};
pub(crate) use rule::{Gradients, Rule};

use crate::device::Device;
use crate::element::DType;
use crate::error::Error;
use crate::layout::Axes;
use crate::nn::Flat;
use crate::tensors::Value;

/// Where a value came from.
#[derive(Clone, Debug, Default)]
pub(crate) enum Track {
    /// From outside: no gradient.
    #[default]
    Constant,
    /// A tensor that the user asked to have a gradient.
    Leaf(Arc<Leaf>),
    /// A parameter, by its index in the model's flat buffer.
    Parameter(Arc<Flat>, usize),
    /// An operation.
    Node(Node),
}

impl Track {
    /// Whether a gradient is wanted.
    pub(crate) fn is_tracked(&self) -> bool {
        !matches!(self, Self::Constant)
    }
}

/// The gradient of a tensor that the user made.
#[derive(Debug)]
pub(crate) struct Leaf {
    gradient: Mutex<Option<Value>>,
    device: Device,
    dtype: DType,
    sizes: Axes<usize>,
}

impl Leaf {
    /// A leaf for a value.
    pub(crate) fn of(value: &Value) -> Self {
        Self {
            gradient: Mutex::default(),
            device: value.device(),
            dtype: value.dtype(),
            sizes: value.sizes().into(),
        }
    }

    /// Leaves an error where the gradient should be.
    pub(crate) fn poison(&self, error: &Error) {
        let failed = Value::poisoned(self.device, self.dtype, &self.sizes, error.clone());
        *self.gradient.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
    }

    pub(crate) fn gradient(&self) -> Option<Value> {
        self.gradient.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        *self.gradient.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) fn accumulate(&self, gradient: Value) {
        let mut slot = self.gradient.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(match slot.take() {
            None => gradient,
            Some(sum) => crate::ops::binary::add_same(&sum, &gradient),
        });
    }
}

/// Leaves a node for an operation, where one of its inputs is tracked and recording is on. `rule` and `saved` are
/// evaluated only then.
pub(crate) fn record<const N: usize>(
    mut out: Value,
    inputs: [&Value; N],
    rule: impl FnOnce() -> Rule,
    saved: impl FnOnce(&Value) -> Saved,
) -> Value {
    if recording() && inputs.iter().any(|input| input.track.is_tracked()) {
        let tracks: Inputs = inputs.iter().map(|input| input.track.clone()).collect();
        let saved = saved(&out);
        out.track = Track::Node(Node::new(rule(), tracks, saved));
    }
    out
}
