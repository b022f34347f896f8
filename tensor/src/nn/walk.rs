//! The walk through what a module consists of: parameters, buffers, modes.

use std::fmt;
use std::sync::Arc;

use crate::element::{Element, Float};
use crate::nn::buffer::Cell;
use crate::nn::{Buffer, Mode, Module, Parameter, Trainable};
use crate::shape::Shape;
use crate::tape::{Flat, Value};

/// The name of a part: a word, or a position.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    /// `hidden`.
    Word(&'a str),
    /// `0`.
    Position(usize),
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(word: &'a str) -> Self {
        Self::Word(word)
    }
}

impl From<usize> for Name<'_> {
    fn from(position: usize) -> Self {
        Self::Position(position)
    }
}

/// Where the walk is: the names of the parts, outermost first. Prints as `hidden.0.weight`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: Name<'a>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        match self.name {
            Name::Word(word) => f.write_str(word),
            Name::Position(position) => write!(f, "{position}"),
        }
    }
}

/// A parameter without its types.
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    pub(crate) value: &'a Value,
    pub(crate) flat: &'a Arc<Flat>,
    pub(crate) index: usize,
}

/// What a walk does with what it meets. A closure of path and parameter is one.
pub(crate) trait Visitor {
    /// A parameter.
    fn parameter(&mut self, _path: Path<'_>, _met: Met<'_>) {}
    /// Another name of a parameter that the walk meets by itself.
    fn tied(&mut self, _path: Path<'_>, _met: Met<'_>) {}
    /// A buffer.
    fn buffer(&mut self, _path: Path<'_>, _cell: &Arc<Cell>) {}
    /// The mode of a layer.
    fn mode(&mut self, _mode: &Mode) {}
}

impl<F: FnMut(Path<'_>, Met<'_>)> Visitor for F {
    fn parameter(&mut self, path: Path<'_>, met: Met<'_>) {
        self(path, met);
    }
}

/// A walk: what it does with what it meets, and where it is.
pub struct Walk<'a> {
    visitor: &'a mut dyn Visitor,
    path: Option<&'a Path<'a>>,
}

impl<'a> Walk<'a> {
    /// A walk through the parameters.
    pub(crate) fn new<F: FnMut(Path<'_>, Met<'_>)>(meet: &'a mut F) -> Self {
        Self::over(meet)
    }

    /// A walk through everything.
    pub(crate) fn over(visitor: &'a mut dyn Visitor) -> Self {
        Self { visitor, path: None }
    }

    /// Walks what is under a name.
    pub(crate) fn at(&mut self, name: Name<'_>, walk: impl FnOnce(&mut Walk<'_>)) {
        let path = Path {
            parent: self.path,
            name,
        };
        walk(&mut Walk {
            visitor: &mut *self.visitor,
            path: Some(&path),
        });
    }

    /// Walks a part of a module.
    pub fn part<T: Float, M: Module<T>>(&mut self, name: &'static str, module: &M) {
        self.at(name.into(), |walk| module.visit(walk));
    }

    /// Walks a part of anything that can be trained, under a word or a position.
    pub fn trainable<'n>(&mut self, name: impl Into<Name<'n>>, part: &(impl Trainable + ?Sized)) {
        self.at(name.into(), |walk| part.walk(walk));
    }

    /// Meets a parameter.
    pub fn parameter<'n, S: Shape, T: Float>(&mut self, name: impl Into<Name<'n>>, parameter: &Parameter<S, T>) {
        let met = Met {
            value: parameter.value(),
            flat: parameter.flat(),
            index: parameter.index(),
        };
        let path = Path {
            parent: self.path,
            name: name.into(),
        };
        self.visitor.parameter(path, met);
    }

    /// Meets a parameter that is the part itself.
    pub(crate) fn own<S: Shape, T: Float>(&mut self, parameter: &Parameter<S, T>) {
        let met = Met {
            value: parameter.value(),
            flat: parameter.flat(),
            index: parameter.index(),
        };
        let alone = Path {
            parent: None,
            name: "parameter".into(),
        };
        self.visitor.parameter(*self.path.unwrap_or(&alone), met);
    }

    /// Meets another name of a parameter that the walk meets by itself.
    pub fn tied<S: Shape, T: Float>(&mut self, name: &str, parameter: &Parameter<S, T>) {
        let met = Met {
            value: parameter.value(),
            flat: parameter.flat(),
            index: parameter.index(),
        };
        let path = Path {
            parent: self.path,
            name: name.into(),
        };
        self.visitor.tied(path, met);
    }

    /// Meets a buffer.
    pub fn buffer<'n, S: Shape, T: Element>(&mut self, name: impl Into<Name<'n>>, buffer: &Buffer<S, T>) {
        let path = Path {
            parent: self.path,
            name: name.into(),
        };
        self.visitor.buffer(path, buffer.cell());
    }

    /// Meets a buffer that is the part itself.
    pub(crate) fn own_buffer<S: Shape, T: Element>(&mut self, buffer: &Buffer<S, T>) {
        let alone = Path {
            parent: None,
            name: "buffer".into(),
        };
        self.visitor.buffer(*self.path.unwrap_or(&alone), buffer.cell());
    }

    /// Meets the mode of a layer.
    pub fn mode(&mut self, mode: &Mode) {
        self.visitor.mode(mode);
    }
}
