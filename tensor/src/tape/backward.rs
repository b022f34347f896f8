//! The reverse pass: from a value back to everything it was computed from.

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashSet};

use crate::error::{Error, Result};
use crate::tape::{Node, Track, Value, no_grad};

/// A node that waits for its turn: the youngest first, so that all gradients of a node have arrived when it is its turn.
struct Waiting(Node);

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.id().cmp(&other.0.id())
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.0.id() == other.0.id()
    }
}

impl Eq for Waiting {}

thread_local! {
    /// The heap of the last backward of this thread, empty but with its memory.
    static HEAP: RefCell<BinaryHeap<Waiting>> = const { RefCell::new(BinaryHeap::new()) };
}

/// Adds to every leaf and parameter behind `root` the gradient of `sum(root * gradient)`.
pub(crate) fn backward(root: &Value, gradient: Value) -> Result<()> {
    if !root.track.is_tracked() {
        return Err(Error::Gradient(
            "`backward`: nothing to differentiate: no tensor that this was computed from has `requires_grad`, or it was \
             computed under `no_grad` or by `infer`"
                .into(),
        ));
    }
    no_grad(|| {
        let mut heap = HEAP.take();
        let outcome = deliver(&root.track, gradient, &mut heap).and_then(|()| run(&mut heap));
        // After an error some still wait; another backward may come by, which must not find what has arrived there.
        for Waiting(node) in heap.drain() {
            node.body().gradient = None;
        }
        HEAP.set(heap);
        outcome
    })
}

fn run(heap: &mut BinaryHeap<Waiting>) -> Result<()> {
    while let Some(Waiting(node)) = heap.pop() {
        let (rule, saved, gradient) = {
            let mut body = node.body();
            let Some(gradient) = body.gradient.take() else { continue };
            body.check_versions()?;
            let Some(rule) = body.rule.take() else {
                return Err(Error::Gradient(
                    "`backward` ran twice through the same computation: what it needed was freed by the first; compute the \
                     loss again"
                        .into(),
                ));
            };
            (rule, std::mem::take(&mut body.saved), gradient)
        };
        let gradients = rule.backward(node.inputs(), &saved, &gradient)?;
        for (track, gradient) in node.inputs().iter().zip(gradients) {
            if let Some(gradient) = gradient {
                deliver(track, gradient, heap)?;
            }
        }
    }
    Ok(())
}

/// Hands a gradient to where a value came from.
fn deliver(track: &Track, gradient: Value, heap: &mut BinaryHeap<Waiting>) -> Result<()> {
    match track {
        Track::Constant => {}
        Track::Leaf(leaf) => leaf.accumulate(gradient),
        Track::Parameter(flat, index) => flat.accumulate(*index, &gradient)?,
        Track::Node(node) => {
            let mut body = node.body();
            body.gradient = Some(match body.gradient.take() {
                Some(sum) => sum.plus(&gradient),
                None => {
                    heap.push(Waiting(node.clone()));
                    gradient
                }
            });
        }
    }
    Ok(())
}

/// Leaves an error in the gradients of everything that `track` was computed from, for whoever reads them.
pub(crate) fn poison(track: &Track, error: &Error) {
    let mut seen = HashSet::new();
    let mut left = vec![track.clone()];
    while let Some(track) = left.pop() {
        match track {
            Track::Constant => {}
            Track::Leaf(leaf) => leaf.poison(error),
            Track::Parameter(flat, _) => flat.gradients().poison(error),
            Track::Node(node) => {
                if seen.insert(node.id()) {
                    left.extend(node.inputs().iter().cloned());
                }
            }
        }
    }
}
