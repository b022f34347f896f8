//! A model at every stage between facts and tokens.

use crate::check::Facts;
use crate::graph::{Graph, verify};
use crate::passes::{Mode, Planned, differentiate, fuse, held, lower, plan};
use std::fmt;
use tensor_ops::{Op, Primitive};

/// Every form of a model between facts and tokens.
pub struct Stages {
    /// One operation a layer.
    pub lowered: Graph,
    /// With its backward.
    pub differentiated: Graph,
    /// Fused, with places, for `forward` and `backward`.
    pub training: Planned,
    /// Fused, with places, for `infer`.
    pub inference: Planned,
    /// The primitives that it runs, each once, in the order in which they first run.
    pub primitives: Vec<Primitive>,
}

impl Stages {
    /// All passes, each graph verified.
    pub fn of(name: &str, facts: &Facts) -> Self {
        let lowered = verify(lower(name, facts, Mode::Training));
        let differentiated = verify(differentiate(lowered.clone()));
        let training = plan(verify(fuse(differentiated.clone())));
        let inference = plan(verify(fuse(verify(lower(name, facts, Mode::Inference)))));
        Stages {
            primitives: primitives(&lowered),
            lowered,
            differentiated,
            training,
            inference,
        }
    }

    /// Of a model whose forward is plain Rust: what its parts hold, and no operation.
    pub fn of_parts(name: &str, facts: &Facts) -> Self {
        let lowered = verify(held(name, facts));
        let empty = || Planned {
            graph: lowered.clone(),
            places: Vec::new(),
            slots: Vec::new(),
        };
        Stages {
            primitives: Vec::new(),
            differentiated: lowered.clone(),
            training: empty(),
            inference: empty(),
            lowered,
        }
    }
}

fn primitives(graph: &Graph) -> Vec<Primitive> {
    let mut found = Vec::new();
    for node in &graph.forward {
        if let Op::Primitive { primitive, .. } = node.op
            && !found.contains(&primitive)
        {
            found.push(primitive);
        }
    }
    found
}

/// Every graph and plan, an empty line between two.
impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.lowered)?;
        writeln!(f, "{}", self.differentiated)?;
        writeln!(f, "{}", self.training.graph)?;
        writeln!(f, "{}", self.training)?;
        writeln!(f, "{}", self.inference.graph)?;
        write!(f, "{}", self.inference)
    }
}

#[cfg(test)]
mod tests;
