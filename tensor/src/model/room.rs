//! [`Room`]: an output inside a compiled step, with the place of its gradient and of its loss.

use std::cell::{Cell, OnceCell};

use smallvec::SmallVec;

use crate::device::reading;
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::model::Model;
use crate::model::inputs::Each;
use crate::model::outputs::output_sizes;
use crate::tape::{Coming, Tour, Track, Value};

/// An output, and where its gradient and its loss go.
#[doc(hidden)]
#[derive(Debug)]
pub struct Room {
    pub(super) output: Value,
    pub(super) gradient: Value,
    pub(super) loss: Value,
    /// Whether a loss that is computed with its gradient has put both here.
    is_compared: Cell<bool>,
    /// The output where the tape begins, once somebody has asked for it.
    leaf: OnceCell<Value>,
}

impl Room {
    /// Room for an output of a model.
    pub(super) fn new<M: Model>(model: &M, output: usize, inputs: &[&Value]) -> Result<Self> {
        let device = model.core().device();
        let empty = |sizes: &[usize]| {
            let value = Value::empty(device, <M::Element as Element>::DTYPE, sizes);
            value.buffer.check().map(|()| value)
        };
        let sizes = output_sizes(M::PROGRAM, output, inputs);
        Ok(Self {
            output: empty(&sizes)?,
            gradient: empty(&sizes)?,
            loss: empty(&[])?,
            is_compared: Cell::new(false),
            leaf: OnceCell::new(),
        })
    }

    /// The same places, which no loss has looked at.
    pub(super) fn again(&self) -> Self {
        Self {
            output: self.output.clone(),
            gradient: self.gradient.clone(),
            loss: self.loss.clone(),
            is_compared: Cell::new(false),
            leaf: OnceCell::new(),
        }
    }

    /// Has a loss put its value and its gradient here. Two of one output would write over each other.
    pub(super) fn compare(&self, target: &Value, loss: impl FnOnce(&Self) -> Result<()>) -> Result<()> {
        if self.is_compared.replace(true) {
            let message = "`compile`: an output is given to two losses, and has room for one";
            return Err(Error::Gradient(message.into()));
        }
        target.buffer.check()?;
        let _reading = reading([&target.buffer]);
        loss(self)
    }

    /// The output as the beginning of a tape.
    pub(super) fn leaf(&self) -> &Value {
        self.leaf.get_or_init(|| self.output.begin())
    }

    /// Puts a gradient from the tape here, beside that of a loss that has written its own.
    fn receive(&self, gradient: &Value) -> Result<()> {
        let sum;
        let gradient = match self.is_compared.get() {
            true => {
                sum = self.gradient.plus(gradient);
                &sum
            }
            false => gradient,
        };
        gradient.buffer.check()?;
        let _reading = reading([&gradient.buffer]);
        self.gradient
            .device()
            .backend()
            .copy(gradient.view(), self.gradient.view());
        Ok(())
    }
}

/// After the losses: the gradients of what was computed on the tape are put into their rooms, zeros where no loss has looked. Gives the
/// losses, which come to the host while the device goes on.
pub(super) fn settle(rooms: &[&Room], on_tape: Option<&Value>) -> Result<SmallVec<[Coming; 2]>> {
    let leaves = rooms.iter().filter_map(|room| room.leaf.get());
    let tracks: Each<&Track> = leaves.map(|leaf| &leaf.track).collect();
    let mut found = match on_tape {
        Some(loss) => {
            check(loss, rooms)?;
            Tour::default().gradients(&[(loss, loss.ones_like())], &tracks)?
        }
        None => tracks.iter().map(|_| None).collect(),
    }
    .into_iter();
    for room in rooms {
        let gradient = room.leaf.get().and_then(|_| found.next().flatten());
        match gradient {
            Some(gradient) => room.receive(&gradient)?,
            None if room.is_compared.get() => {}
            None => room.gradient.device().backend().fill(0.0, room.gradient.view()),
        }
    }
    let compared = rooms
        .iter()
        .filter(|room| room.is_compared.get())
        .map(|room| &room.loss);
    compared.chain(on_tape).map(Value::coming).collect()
}

/// A loss is one number of the model's elements, where the model is.
fn check(loss: &Value, rooms: &[&Room]) -> Result<()> {
    loss.buffer.check()?;
    let output = &rooms[0].output;
    if !loss.sizes().is_empty() {
        return Err(Error::shape("compile", "a loss of one number", describe(loss.sizes())));
    }
    let name = |dtype: DType| format!("a loss of `{}`", dtype.name());
    if loss.dtype() != output.dtype() {
        let expected = format!("{}, as the model", name(output.dtype()));
        return Err(Error::argument("compile", expected, name(loss.dtype())));
    }
    output.same_device("compile", loss)
}
