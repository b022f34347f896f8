//! The reverse pass: from values back to everything they were computed from.

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

use crate::element::DType;
use crate::error::{Error, Result};
use crate::tape::{
    Hook, Leaf, Node, Rule, Saved, Step, Track, Value, enable_grad, no_grad, watching, while_delivering,
};

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

/// How a reverse pass goes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tour {
    /// Whether another may follow through the same nodes.
    pub(crate) retain: bool,
    /// Whether what it computes is recorded, so that it can be differentiated itself.
    pub(crate) create: bool,
}

/// Adds to every leaf and parameter behind the roots the gradient of `sum(root * gradient)`.
pub(crate) fn backward(roots: &[(&Value, Value)], tour: Tour) -> Result<()> {
    walk(roots, tour, &mut Goal::Leaves(Vec::new()))
}

impl Tour {
    /// The gradients of `sum(root * gradient)` in each of the targets, and nowhere else; `None` where a root does not depend on one.
    pub(crate) fn gradients(self, roots: &[(&Value, Value)], targets: &[&Track]) -> Result<Vec<Option<Value>>> {
        self.gradients_since(&Track::Constant, roots, targets)
    }

    /// The same, without going through nodes as old as `begin` or older.
    pub(crate) fn gradients_since(
        self,
        begin: &Track,
        roots: &[(&Value, Value)],
        targets: &[&Track],
    ) -> Result<Vec<Option<Value>>> {
        let oldest = match begin {
            Track::Node(node) => node.id(),
            Track::Constant | Track::Leaf(_) | Track::Parameter(..) | Track::Own => 0,
        };
        let mut goal = Goal::Targets(Targets::new(oldest, roots, targets));
        walk(roots, self, &mut goal)?;
        match goal {
            Goal::Targets(targets) => targets.finish(),
            Goal::Leaves(_) => unreachable!("set above"),
        }
    }
}

/// Where gradients go.
enum Goal<'a> {
    /// To all leaves; those that have hooks wait here until theirs are whole.
    Leaves(Vec<(Arc<Leaf>, Value)>),
    /// To some values.
    Targets(Targets<'a>),
}

/// Values whose gradients are wanted, and the nodes on the way to them.
struct Targets<'a> {
    tracks: &'a [&'a Track],
    gradients: Vec<Option<Value>>,
    /// Nodes of this age and older are not gone through.
    oldest: u64,
    ways: HashMap<u64, bool>,
}

impl<'a> Targets<'a> {
    fn new(oldest: u64, roots: &[(&Value, Value)], tracks: &'a [&'a Track]) -> Self {
        let mut targets = Self {
            tracks,
            gradients: vec![None; tracks.len()],
            oldest,
            ways: HashMap::new(),
        };
        for (root, _) in roots {
            targets.find_ways(&root.track);
        }
        targets
    }

    fn is_target(&self, track: &Track) -> bool {
        self.tracks.iter().any(|target| target.is(track))
    }

    /// Notes of every node behind `root` whether a target lies behind it, or it is one.
    fn find_ways(&mut self, root: &Track) {
        let Track::Node(root) = root else { return };
        let mut left = vec![root.clone()];
        while let Some(node) = left.last().cloned() {
            if self.ways.contains_key(&node.id()) {
                left.pop();
                continue;
            }
            let before = left.len();
            let inputs = if node.id() > self.oldest { node.inputs() } else { &[] };
            for input in inputs {
                if let Track::Node(input) = input
                    && !self.ways.contains_key(&input.id())
                {
                    left.push(input.clone());
                }
            }
            if left.len() == before {
                left.pop();
                let leads = inputs.iter().any(|input| self.leads(input) || self.is_near(input));
                let is_target = self.is_target(&Track::Node(node.clone()));
                self.ways.insert(node.id(), leads || is_target);
            }
        }
    }

    /// Whether a gradient that goes to `track` arrives at a target.
    fn leads(&self, track: &Track) -> bool {
        match track {
            Track::Node(node) => self.ways.get(&node.id()).copied().unwrap_or(false),
            other => self.is_target(other),
        }
    }

    /// Whether a gradient that has arrived at a node goes further.
    fn goes_on_from(&self, node: &Node) -> bool {
        let mut inputs = node.inputs().iter();
        node.id() > self.oldest && inputs.any(|input| self.leads(input) || self.is_near(input))
    }

    /// Whether `track` stands for a model some of whose parameters are targets: the node of a generated model names one of each flat
    /// buffer.
    fn is_near(&self, track: &Track) -> bool {
        let Track::Parameter(flat, _) = track else { return false };
        let shared = |target: &&Track| matches!(target, Track::Parameter(other, _) if Arc::ptr_eq(flat, other));
        self.tracks.iter().any(shared)
    }

    /// Adds to the gradient of every target that is this.
    fn arrive(&mut self, track: &Track, gradient: &Value) {
        for (target, sum) in self.tracks.iter().zip(&mut self.gradients) {
            if target.is(track) {
                *sum = Some(match sum.take() {
                    Some(sum) => sum.plus(gradient),
                    None => gradient.clone(),
                });
            }
        }
    }

    fn finish(self) -> Result<Vec<Option<Value>>> {
        let hooked = self
            .gradients
            .into_iter()
            .zip(self.tracks)
            .map(|(gradient, track)| match (gradient, track) {
                // Those of nodes have been called when it was their turn.
                (Some(gradient), Track::Leaf(leaf)) => Hook::apply(&leaf.hooks(), gradient).map(Some),
                (gradient, _) => Ok(gradient),
            });
        hooked.collect()
    }
}

impl Track {
    /// Whether both are the same place.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => Arc::ptr_eq(a, b),
            (Self::Parameter(a, i), Self::Parameter(b, j)) => Arc::ptr_eq(a, b) && i == j,
            (Self::Node(a), Self::Node(b)) => a.id() == b.id(),
            _ => false,
        }
    }
}

fn walk(roots: &[(&Value, Value)], tour: Tour, goal: &mut Goal<'_>) -> Result<()> {
    if !roots.iter().any(|(root, _)| root.track.is_tracked()) {
        return Err(Error::Gradient(
            "`backward`: nothing to differentiate: no tensor that this was computed from has `requires_grad`, or it was \
             computed under `no_grad` or by `infer`"
                .into(),
        ));
    }
    let to_all = matches!(goal, Goal::Leaves(_));
    let body = || {
        let mut heap = HEAP.take();
        let outcome = roots
            .iter()
            .try_for_each(|(root, gradient)| deliver(&root.track, gradient.clone(), &mut heap, goal))
            .and_then(|()| run(&mut heap, tour, goal));
        // After an error some still wait; another backward may come by, which must not find what has arrived there.
        for Waiting(node) in heap.drain() {
            node.body().gradient = None;
        }
        HEAP.set(heap);
        outcome?;
        if let Goal::Leaves(hooked) = goal {
            for (leaf, gradient) in hooked.drain(..) {
                leaf.accumulate(Hook::apply(&leaf.hooks(), gradient)?);
            }
        }
        Ok(())
    };
    while_delivering(to_all, || if tour.create { enable_grad(body) } else { no_grad(body) })
}

fn run(heap: &mut BinaryHeap<Waiting>, tour: Tour, goal: &mut Goal<'_>) -> Result<()> {
    let once = !tour.retain && !tour.create;
    while let Some(Waiting(node)) = heap.pop() {
        let (name, rule, mut saved, gradient, hooks) = {
            let mut body = node.body();
            let Some(gradient) = body.gradient.take() else { continue };
            body.check_versions()?;
            let Some(rule) = body.rule.take() else {
                return Err(Error::Gradient(
                    "`backward` ran twice through the same computation: what it needed was freed by the first; compute the \
                     loss again, or keep it with `retain_graph`"
                        .into(),
                ));
            };
            let saved = if once {
                std::mem::take(&mut body.saved)
            } else {
                body.saved.clone()
            };
            (body.name, rule, saved, gradient, body.hooks.clone())
        };
        let gradient = if hooks.is_empty() {
            Ok(gradient)
        } else {
            Hook::apply(&hooks, gradient)
        };
        if tour.create {
            own(&mut saved, &node);
        }
        let outcome = gradient.and_then(|gradient| {
            if let Goal::Targets(targets) = goal {
                targets.arrive(&Track::Node(node.clone()), &gradient);
                if !targets.goes_on_from(&node) {
                    return Ok(());
                }
            }
            let step = Step {
                inputs: node.inputs(),
                saved: &saved,
                gradient: &gradient,
            };
            let to_leaves = matches!(goal, Goal::Leaves(_));
            match &rule {
                // What a generated model kept stays as it is, and is gone through an operation at a time.
                Rule::Recorded(recorded) if !once || !to_leaves || watching() => {
                    let gradients = recorded.get()?.backward_eagerly(step)?;
                    let mut pairs = gradients.into_iter();
                    pairs.try_for_each(|(track, gradient)| pass_on(name, &track, gradient, tour, heap, goal))
                }
                rule => {
                    let gradients = rule.backward(step)?;
                    let mut pairs = node.inputs().iter().zip(gradients);
                    pairs.try_for_each(|(track, gradient)| match gradient {
                        Some(gradient) => pass_on(name, track, gradient, tour, heap, goal),
                        None => Ok(()),
                    })
                }
            }
        });
        if !once {
            node.body().rule = Some(rule);
        }
        outcome?;
    }
    Ok(())
}

/// A gradient that an operation made, on its way to one of its inputs.
fn pass_on(
    name: &'static str,
    track: &Track,
    mut gradient: Value,
    tour: Tour,
    heap: &mut BinaryHeap<Waiting>,
    goal: &mut Goal<'_>,
) -> Result<()> {
    if watching() {
        watch(name, &gradient)?;
    }
    if !tour.create {
        gradient.track = Track::Constant;
    }
    deliver(track, gradient, heap, goal)
}

/// Puts the results among what an operation saved back onto the tape.
fn own(saved: &mut Saved, node: &Node) {
    for value in saved {
        if matches!(value.track, Track::Own) {
            value.track = Track::Node(node.clone());
        }
    }
}

/// A gradient with a NaN is an error.
fn watch(name: &'static str, gradient: &Value) -> Result<()> {
    let bad = match gradient.dtype() {
        DType::F32 => gradient.to_vec::<f32>()?.iter().any(|x| x.is_nan()),
        DType::F64 => gradient.to_vec::<f64>()?.iter().any(|x| x.is_nan()),
        DType::F16 => gradient.to_vec::<half::f16>()?.iter().any(|x| x.is_nan()),
        DType::BF16 => gradient.to_vec::<half::bf16>()?.iter().any(|x| x.is_nan()),
        DType::I64 | DType::I32 | DType::U8 | DType::Bool => false,
    };
    if bad {
        return Err(Error::Gradient(format!("`backward` of `{name}` made a NaN")));
    }
    Ok(())
}

/// Hands a gradient to where a value came from.
fn deliver(track: &Track, gradient: Value, heap: &mut BinaryHeap<Waiting>, goal: &mut Goal<'_>) -> Result<()> {
    if let Goal::Targets(targets) = goal {
        if !targets.leads(track) {
            return Ok(());
        }
        if !matches!(track, Track::Node(_)) {
            targets.arrive(track, &gradient);
            return Ok(());
        }
    }
    match (track, goal) {
        (Track::Constant | Track::Own, _) => {}
        (Track::Leaf(leaf), Goal::Leaves(hooked)) if !leaf.hooks().is_empty() => {
            match hooked.iter_mut().find(|(other, _)| Arc::ptr_eq(other, leaf)) {
                Some((_, sum)) => *sum = sum.plus(&gradient),
                None => hooked.push((Arc::clone(leaf), gradient)),
            }
        }
        (Track::Leaf(leaf), _) => leaf.accumulate(gradient),
        (Track::Parameter(flat, index), _) => flat.accumulate(*index, &gradient)?,
        (Track::Node(node), _) => {
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
            Track::Constant | Track::Own => {}
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
