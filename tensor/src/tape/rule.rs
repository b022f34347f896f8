//! How a recorded operation goes backwards. The rules themselves are functions beside the operations.

use std::fmt::{self, Debug};

use smallvec::SmallVec;
use tensor_ops::{Binary, Reduce, Unary};

use crate::error::{Error, Result};
use crate::kernels::chain::Random;
use crate::tape::{Saved, Track, Value};

/// The gradient of each input; `None` where there is none or nobody wants it.
pub(crate) type Gradients = SmallVec<[Option<Value>; 3]>;

/// What a rule is given.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) inputs: &'a [Track],
    /// What the operation kept.
    pub(crate) saved: &'a Saved,
    /// The gradient of its output.
    pub(crate) gradient: &'a Value,
}

impl Step<'_> {
    /// Where an input came from.
    pub(crate) fn input(&self, index: usize) -> &Track {
        &self.inputs[index]
    }

    /// Whether the gradient of an input is wanted.
    pub(crate) fn wants(&self, index: usize) -> bool {
        self.inputs.get(index).is_some_and(Track::is_tracked)
    }
}

/// A rule: an operation's function, with the operation's attributes.
pub(crate) enum Rule {
    Plain(fn(Step<'_>) -> Gradients),
    Unary(fn(Unary, Option<Random>, Step<'_>) -> Gradients, Unary, Option<Random>),
    Binary(fn(Binary, Step<'_>) -> Gradients, Binary),
    Reduce(fn(Reduce, Step<'_>) -> Gradients, Reduce),
    /// Of a number.
    Number(fn(f64, Step<'_>) -> Gradients, f64),
    /// Of two axes.
    Axes(fn(usize, usize, Step<'_>) -> Gradients, usize, usize),
    /// With whatever attributes; it costs an allocation, which the operations of a training step must not.
    Own(Box<OwnRule>),
    /// Of many operations at once.
    Recorded(Recorded),
}

/// A rule that knows its own attributes.
type OwnRule = dyn Fn(Step<'_>) -> Result<Gradients> + Send;

impl Rule {
    /// A rule with attributes of its own.
    pub(crate) fn own(rule: impl Fn(Step<'_>) -> Result<Gradients> + Send + 'static) -> Self {
        Self::Own(Box::new(rule))
    }

    /// The gradients of the inputs. What a generated model kept is written over.
    pub(crate) fn backward(&self, step: Step<'_>) -> Result<Gradients> {
        Ok(match self {
            Self::Plain(rule) => rule(step),
            Self::Unary(rule, op, random) => rule(*op, *random, step),
            Self::Binary(rule, op) => rule(*op, step),
            Self::Reduce(rule, op) => rule(*op, step),
            Self::Number(rule, number) => rule(*number, step),
            Self::Axes(rule, a, b) => rule(*a, *b, step),
            Self::Own(rule) => rule(step)?,
            Self::Recorded(recorded) => recorded.get()?.backward(step)?,
        })
    }
}

impl Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule")
    }
}

/// A forward pass of many operations that goes backwards as one: a generated model's.
pub(crate) trait Recording: Debug + Send {
    /// Adds to the gradients of its parameters; gives that of the input, if it is wanted.
    fn backward(&self, step: Step<'_>) -> Result<Gradients>;
    /// The same on the tape, an operation at a time: it keeps what the forward pass left, and can be differentiated itself.
    fn backward_eagerly(&self, step: Step<'_>) -> Result<Vec<(Track, Value)>>;
    /// Goes back to where it waits for the next forward.
    fn go_home(self: Box<Self>);
}

/// A recording that waits for its backward; after that, or without it, it goes home.
#[derive(Debug)]
pub(crate) struct Recorded {
    // `None` only while it is being dropped.
    recording: Option<Box<dyn Recording>>,
}

impl Recorded {
    pub(crate) fn new(recording: Box<dyn Recording>) -> Self {
        Self {
            recording: Some(recording),
        }
    }

    /// What it holds.
    pub(crate) fn get(&self) -> Result<&dyn Recording> {
        match &self.recording {
            Some(recording) => Ok(&**recording),
            None => Err(Error::Gradient("`backward`: the forward pass kept nothing".into())),
        }
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if let Some(recording) = self.recording.take() {
            recording.go_home();
        }
    }
}
