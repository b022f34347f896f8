//! The plain core of every tensor, a [`Value`]: where its elements are, and what was done to get them, so that it can be gone
//! through backwards. Nothing here knows shapes as types, or one operation from another.
//!
//! An operation on a tracked value leaves a [`Node`]: its rule, what the rule needs, and the nodes its inputs came from.
//! There is no list anywhere; the graph is what the values hold on to, and it goes when they go.

mod backward;
mod draws;
mod flat;
mod hook;
mod leaf;
mod mode;
mod node;
mod rule;
mod value;

use std::sync::Arc;

pub(crate) use backward::{Tour, backward, poison};
pub(crate) use draws::{drawn, given, noting};
pub use flat::Flat;
pub(crate) use flat::{Entry, GradientLock};
pub(crate) use hook::Hook;
pub(crate) use leaf::Leaf;
pub(crate) use mode::{delivering, recording, watching, while_delivering};
pub use mode::{detect_anomaly, enable_grad, no_grad};
pub(crate) use node::{Inputs, Node, Saved};
pub(crate) use rule::{Gradients, Recorded, Recording, Rule, Step};
pub(crate) use value::{Coming, Contiguous, Value, bytes_of, same_device};

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
    /// The operation that kept this value, of which it is the result: a handle on it would never let it go.
    Own,
}

impl Track {
    /// Whether a gradient is wanted.
    pub(crate) fn is_tracked(&self) -> bool {
        match self {
            Self::Constant => false,
            Self::Parameter(flat, index) => !flat.is_frozen(*index),
            Self::Leaf(_) | Self::Node(_) | Self::Own => true,
        }
    }
}

/// Leaves a node for an operation, where one of its inputs is tracked and recording is on. `rule` and `saved` are
/// evaluated only then.
///
/// What is saved stays on the tape, so that a rule which is itself recorded has second derivatives: inputs are saved as they are
/// (a copy of one with the track of the original, [`Value::as_input`]), the result as [`Value::as_own`].
pub(crate) fn record<const N: usize>(
    name: &'static str,
    out: Value,
    inputs: [&Value; N],
    rule: impl FnOnce() -> Rule,
    saved: impl FnOnce(&Value) -> Saved,
) -> Value {
    record_all(name, out, &inputs, rule, saved)
}

/// The same for an operation on any number of inputs.
pub(crate) fn record_all(
    name: &'static str,
    mut out: Value,
    inputs: &[&Value],
    rule: impl FnOnce() -> Rule,
    saved: impl FnOnce(&Value) -> Saved,
) -> Value {
    if recording() && inputs.iter().any(|input| input.track.is_tracked()) {
        let tracks: Inputs = inputs.iter().map(|input| input.track.clone()).collect();
        let saved = saved(&out);
        out.track = Track::Node(Node::new(name, rule(), tracks, saved));
    }
    out
}
