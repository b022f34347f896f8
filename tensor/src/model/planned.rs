//! What a loss sees inside a compiled step: outputs, room for their gradients, and what they are compared with.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Add;

use crate::device::Buffer;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::loss::{Logits, Prediction, same_rows, same_sizes};
use crate::model::outputs::output_sizes;
use crate::model::{Model, Outputs};
use crate::shape::{Batch, Dim, LastAxis};
use crate::tape::Value;
use crate::tensors::Tensor;

/// An output of a model inside a compiled step, as a loss sees it.
pub struct Planned<M> {
    pub(super) output: Value,
    pub(super) gradient: Value,
    pub(super) loss: Value,
    /// Whether a loss has put its gradient here.
    is_compared: Cell<bool>,
    model: PhantomData<fn() -> M>,
}

/// All outputs of a model inside a compiled step: a [`Planned`], or a tuple of such.
pub type PlannedOutputs<M> = <<M as Model>::Outputs<Batch> as Outputs>::Planned<M>;

/// What a loss says inside a compiled step: whether it could be computed. Its value and gradient are in the plan.
///
/// Those of several outputs add: `cross_entropy(a, labels) + cross_entropy(b, labels)`.
pub struct PlannedLoss(pub(super) Result<()>);

impl Add for PlannedLoss {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }
}

impl<M> Planned<M> {
    /// Where a loss puts its value and its gradient. Two of one output would write over each other.
    fn compare(&self, loss: impl FnOnce(&Self) -> Result<()>) -> PlannedLoss {
        if self.is_compared.replace(true) {
            let message = "`compile`: an output is given to two losses, and has room for one";
            return PlannedLoss(Err(Error::Gradient(message.into())));
        }
        PlannedLoss(loss(self))
    }

    /// The same, which no loss has looked at.
    pub(super) fn again(&self) -> Self {
        Self {
            output: self.output.clone(),
            gradient: self.gradient.clone(),
            loss: self.loss.clone(),
            is_compared: Cell::new(false),
            model: PhantomData,
        }
    }
}

impl<M: Model> Planned<M> {
    /// Room for an output, its gradient and its loss. With several outputs, one that no loss looks at has zeros.
    pub(super) fn room(model: &M, output: usize, inputs: &[&Value]) -> Result<Self> {
        let device = model.core().device();
        let empty = |sizes: &[usize]| {
            let value = Value::empty(device, <M::Element as Element>::DTYPE, sizes);
            value.buffer.check().map(|()| value)
        };
        let sizes = output_sizes(M::PROGRAM, output, inputs);
        let planned = Self {
            output: empty(&sizes)?,
            gradient: empty(&sizes)?,
            loss: empty(&[])?,
            is_compared: Cell::new(false),
            model: PhantomData,
        };
        if M::PROGRAM.outputs.len() > 1 {
            device.backend().fill(0.0, planned.gradient.view());
            device.backend().fill(0.0, planned.loss.view());
        }
        Ok(planned)
    }
}

/// What a compiled step compares the output with.
pub trait Target<M: Model>: Sized {
    /// The tensor that [`Step::run`](crate::Step::run) takes.
    type Tensor<B: Dim>;
    #[doc(hidden)]
    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self;
    #[doc(hidden)]
    fn buffer(&self) -> &Buffer;
}

/// Classes.
pub struct Labels(Value);

/// Numbers of the output's shape.
pub struct Values(Value);

impl<M: Model> Target<M> for Labels {
    type Tensor<B: Dim> = Tensor<<M::Output<B> as LastAxis>::Rest, i64>;

    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self {
        Self(tensor.value().contiguous().into_value())
    }

    fn buffer(&self) -> &Buffer {
        &self.0.buffer
    }
}

impl<M: Model> Target<M> for Values {
    type Tensor<B: Dim> = Tensor<M::Output<B>, M::Element>;

    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self {
        Self(tensor.value().contiguous().into_value())
    }

    fn buffer(&self) -> &Buffer {
        &self.0.buffer
    }
}

impl<M: Model> Logits for Planned<M> {
    type Labels = Labels;
    type Loss = PlannedLoss;

    fn cross_entropy(&self, Labels(labels): &Labels) -> PlannedLoss {
        let checked = same_rows(self.output.sizes(), labels.sizes())
            .and_then(|()| labels.buffer.check())
            .and_then(|()| self.output.same_device("cross_entropy", labels));
        self.compare(|planned| {
            checked?;
            let (logits, gradient) = (planned.output.matrix(), planned.gradient.matrix());
            let backend = planned.output.device().backend();
            backend.cross_entropy(logits, labels.row(), planned.loss.row(), Some(gradient))
        })
    }
}

impl<M: Model> Prediction for Planned<M> {
    type Target = Values;
    type Loss = PlannedLoss;

    fn mse_loss(&self, Values(target): &Values) -> PlannedLoss {
        let checked = same_sizes(self.output.sizes(), target.sizes())
            .and_then(|()| target.buffer.check())
            .and_then(|()| self.output.same_device("mse_loss", target));
        self.compare(|planned| {
            checked?;
            let (output, gradient) = (planned.output.matrix(), planned.gradient.matrix());
            let backend = planned.output.device().backend();
            backend.mse(output, target.matrix(), planned.loss.row(), Some(gradient));
            Ok(())
        })
    }
}
