//! `plan`: where every value lies. Slots are shared by values that are never needed at once.

use crate::graph::{Graph, Node, Value};
use std::collections::HashSet;
use std::fmt;
use tensor_ops::{Op, Poly};

/// A graph and where its values lie.
pub struct Planned {
    /// The graph.
    pub graph: Graph,
    /// Of each value.
    pub places: Vec<Place>,
    /// The size of each slot, in elements.
    pub slots: Vec<Poly>,
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In one of the model's inputs.
    Input(usize),
    /// In one of the model's outputs.
    Output(usize),
    /// In the gradient by an output, which belongs to the caller.
    OutputGradient(usize),
    /// In the gradient by an input, if the caller wants one.
    InputGradient(usize),
    /// In a slot of the workspace.
    Slot(usize),
    /// Nowhere: nothing reads it.
    Nowhere,
}

/// Gives every value its place.
///
/// Backward never writes to what forward has kept for it, so that a second backward finds all as the first did. The backward of
/// a chain writes over the gradient that it reads, where nothing else wants that.
pub fn plan(graph: Graph) -> Planned {
    let mut planning = Planning::new(graph);
    let nodes: Vec<Node> = planning.graph.nodes().cloned().collect();
    for (time, node) in nodes.iter().enumerate() {
        for value in node.made() {
            planning.place(time, node, value);
        }
    }
    planning.finish()
}

struct Planning {
    graph: Graph,
    places: Vec<Option<Place>>,
    /// When each value's memory is read for the last time, through whatever view.
    last_read: Vec<usize>,
    /// Whether backward reads what forward has made.
    is_kept: Vec<bool>,
    slots: Vec<Slot>,
}

struct Slot {
    size: Poly,
    /// The last time at which what lies in it is read.
    busy_until: usize,
    is_kept: bool,
}

impl Planning {
    fn new(graph: Graph) -> Self {
        let count = graph.values.len();
        let mut planning = Planning {
            places: vec![None; count],
            last_read: vec![0; count],
            is_kept: vec![false; count],
            slots: Vec::new(),
            graph,
        };
        let forward = planning.graph.forward.len();
        let mut born = vec![0; count];
        for (time, node) in planning.graph.nodes().enumerate() {
            for value in node.made() {
                born[value.0] = time;
                planning.last_read[value.0] = time;
            }
            for value in node.read() {
                let root = planning.graph.root(value).0;
                planning.last_read[root] = time;
                planning.is_kept[root] |= born[root] < forward && time >= forward;
            }
        }
        planning.fix_ends();
        planning
    }

    /// Inputs and outputs lie with the caller. So do the inputs' gradients, and what is turned into them in place.
    fn fix_ends(&mut self) {
        for (index, input) in self.graph.inputs.iter().enumerate() {
            self.places[input.0] = Some(Place::Input(index));
        }
        for (index, output) in self.graph.outputs.iter().enumerate() {
            self.places[self.graph.root(*output).0] = Some(Place::Output(index));
        }
        let seeds = self.graph.backward.iter().filter(|node| node.op == Op::OutputGradient);
        for value in seeds.filter_map(Node::result) {
            let of = self.graph.row(value).gradient_of;
            let index = self.graph.outputs.iter().position(|output| Some(*output) == of);
            self.places[value.0] = index.map(Place::OutputGradient);
        }
        let read_to_teach: HashSet<Value> = self
            .graph
            .backward
            .iter()
            .zip(self.graph.teaching())
            .filter(|(_, teaches)| *teaches)
            .flat_map(|(node, _)| node.read().map(|value| self.graph.root(value)))
            .collect();
        for (index, gradient) in self.graph.input_gradients.clone().into_iter().enumerate() {
            let mut end = gradient.map(|gradient| self.graph.root(gradient));
            // What teaches is computed whether or not anybody wants the input's gradient.
            while let Some(value) = end.filter(|value| self.places[value.0].is_none() && !read_to_teach.contains(value))
            {
                self.places[value.0] = Some(Place::InputGradient(index));
                let maker = self
                    .graph
                    .nodes()
                    .position(|node| node.made().any(|made| made == value));
                let nodes: Vec<&Node> = self.graph.nodes().collect();
                end = maker.and_then(|time| self.overwritten(time, nodes[time]));
            }
        }
    }

    /// The gradient that a chain's backward may write over.
    fn overwritten(&self, time: usize, node: &Node) -> Option<Value> {
        let Op::ElementwiseBackward(ops) = &node.op else {
            return None;
        };
        let d = self.graph.root(node.read().last()?);
        // The gradient by an output belongs to the caller.
        let is_given = |place| matches!(place, Some(Place::OutputGradient(_)));
        (!ops.is_empty() && self.last_read[d.0] == time && !is_given(self.places[d.0])).then_some(d)
    }

    fn place(&mut self, time: usize, node: &Node, value: Value) {
        if self.places[value.0].is_some() {
            return;
        }
        let in_place = self.overwritten(time, node).and_then(|d| self.places[d.0]);
        let place = match in_place {
            Some(place) => {
                if let Place::Slot(slot) = place {
                    self.slots[slot].busy_until = self.last_read[value.0];
                }
                place
            }
            None if self.last_read[value.0] == time && !self.is_needed(value) => Place::Nowhere,
            None => Place::Slot(self.slot(time, value)),
        };
        self.places[value.0] = Some(place);
    }

    /// Whether something must be written somewhere although nothing reads it: a result that comes with its operation.
    fn is_needed(&self, value: Value) -> bool {
        let needed = |node: &Node| match node.op {
            Op::LayerNormBackward | Op::PrimitiveBackward(_) | Op::CallBackward { .. } => false,
            // Another model writes all that it makes.
            Op::Call { .. } => node.made().any(|made| made == value),
            _ => node.result() == Some(value),
        };
        self.graph.nodes().any(needed)
    }

    /// A free slot that is large enough or can be made so, else a new one.
    fn slot(&mut self, time: usize, value: Value) -> usize {
        let size = self.graph.row(value).shape.elements();
        let in_backward = time >= self.graph.forward.len();
        let (busy_until, is_kept) = (self.last_read[value.0], self.is_kept[value.0]);
        let free = |slot: &Slot| slot.busy_until < time && !(in_backward && slot.is_kept);
        let fitting = self
            .slots
            .iter()
            .position(|slot| free(slot) && size.fits_in(&slot.size));
        let growing = || {
            self.slots
                .iter()
                .position(|slot| free(slot) && slot.size.fits_in(&size))
        };
        match fitting.or_else(growing) {
            Some(index) => {
                let slot = &mut self.slots[index];
                if slot.size.fits_in(&size) {
                    slot.size = size;
                }
                (slot.busy_until, slot.is_kept) = (busy_until, is_kept);
                index
            }
            None => {
                self.slots.push(Slot {
                    size,
                    busy_until,
                    is_kept,
                });
                self.slots.len() - 1
            }
        }
    }

    fn finish(self) -> Planned {
        let own = |value: Value| self.places[value.0].unwrap_or(Place::Nowhere);
        let places = (0..self.graph.values.len())
            .map(|value| own(self.graph.root(Value(value))))
            .collect();
        Planned {
            places,
            slots: self.slots.into_iter().map(|slot| slot.size).collect(),
            graph: self.graph,
        }
    }
}

/// The slots, then which values lie in them.
impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.graph.backward.is_empty() {
            " for inference"
        } else {
            ""
        };
        writeln!(f, "planned{what} {}", self.graph.name)?;
        for (index, size) in self.slots.iter().enumerate() {
            let lies_here =
                |value: &Value| self.places[value.0] == Place::Slot(index) && self.graph.row(*value).view_of.is_none();
            let values: Vec<String> = (0..self.places.len())
                .map(Value)
                .filter(lies_here)
                .map(|value| value.to_string())
                .collect();
            writeln!(f, "    slot {index}: {size} elements for {}", values.join(", "))?;
        }
        if self.slots.is_empty() {
            writeln!(f, "    no slots")?;
        }
        Ok(())
    }
}
