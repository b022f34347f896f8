//! The walk through a module's parameters.

use std::fmt;
use std::sync::Arc;

use crate::element::Float;
use crate::nn::{Module, Parameter, Trainable};
use crate::shape::Shape;
use crate::tape::{Flat, Value};

/// Where the walk is: the names of the parts, outermost first. Prints as `hidden.0.weight`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'static str,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        f.write_str(self.name)
    }
}

/// A parameter without its types.
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    pub(crate) value: &'a Value,
    pub(crate) flat: &'a Arc<Flat>,
    pub(crate) index: usize,
}

/// A walk: what it does with each parameter it meets, and where it is.
pub struct Walk<'a> {
    meet: &'a mut dyn FnMut(Path<'_>, Met<'_>),
    path: Option<&'a Path<'a>>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(meet: &'a mut dyn FnMut(Path<'_>, Met<'_>)) -> Self {
        Self { meet, path: None }
    }

    /// Walks a part of a module.
    pub fn part<T: Float, M: Module<T>>(&mut self, name: &'static str, module: &M) {
        let path = Path {
            parent: self.path,
            name,
        };
        module.visit(&mut Walk {
            meet: &mut *self.meet,
            path: Some(&path),
        });
    }

    /// Walks a part of a tuple.
    pub(crate) fn trainable(&mut self, name: &'static str, part: &impl Trainable) {
        let path = Path {
            parent: self.path,
            name,
        };
        part.walk(&mut Walk {
            meet: &mut *self.meet,
            path: Some(&path),
        });
    }

    /// Meets a parameter.
    pub fn parameter<S: Shape, T: Float>(&mut self, name: &'static str, parameter: &Parameter<S, T>) {
        let met = Met {
            value: parameter.value(),
            flat: parameter.flat(),
            index: parameter.index(),
        };
        (self.meet)(
            Path {
                parent: self.path,
                name,
            },
            met,
        );
    }
}
