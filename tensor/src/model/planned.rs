//! What a loss sees inside a compiled step: outputs, and how it says what it has found.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Add;

use crate::element::Element;
use crate::error::Result;
use crate::loss::{Logits, OfClasses, OfElements, Prediction, same_rows, same_sizes};
use crate::model::room::Room;
use crate::model::target::{Labels, Values};
use crate::model::{Model, Outputs};
use crate::shape::{Batch, Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// An output of a model inside a compiled step, as a loss sees it.
pub struct Planned<M: Model, S = <M as Model>::Output<Batch>> {
    room: Room,
    of: PhantomData<fn() -> (M, S)>,
}

/// All outputs of a model inside a compiled step: a [`Planned`], or a tuple of such.
pub type PlannedOutputs<M> = <<M as Model>::Outputs<Batch> as Outputs>::Planned<M>;

/// What a loss says inside a compiled step: whether it could be computed, and its value where that is on the tape.
///
/// Those of several outputs add: `cross_entropy(a, labels) + cross_entropy(b, labels)`.
pub struct PlannedLoss(pub(super) Result<Option<Value>>);

/// What a loss gives: a tensor of one number, of what can fail a `Result`, or what the losses of [`tensor::loss`](crate::loss) make of an
/// output inside a compiled step.
#[diagnostic::on_unimplemented(
    message = "a loss gives a tensor of one number, found `{Self}`",
    label = "not a tensor of one number"
)]
pub trait Loss {
    #[doc(hidden)]
    fn planned(self) -> PlannedLoss;
}

impl Loss for PlannedLoss {
    fn planned(self) -> PlannedLoss {
        self
    }
}

impl<T: Element> Loss for Tensor<(), T> {
    fn planned(self) -> PlannedLoss {
        PlannedLoss(Ok(Some(self.value().clone())))
    }
}

impl<T: Element> Loss for Tensor<Dynamic, T> {
    fn planned(self) -> PlannedLoss {
        PlannedLoss(Ok(Some(self.value().clone())))
    }
}

impl<L: Loss> Loss for Result<L> {
    fn planned(self) -> PlannedLoss {
        self.map_or_else(|error| PlannedLoss(Err(error)), Loss::planned)
    }
}

impl<L: Loss> Add<L> for PlannedLoss {
    type Output = Self;

    fn add(self, other: L) -> Self {
        Self(self.0.and_then(|one| {
            let other = other.planned().0?;
            match (&one, &other) {
                (Some(one), Some(other)) => one.add(other).map(Some),
                _ => Ok(one.or(other)),
            }
        }))
    }
}

impl fmt::Debug for PlannedLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlannedLoss").field(&self.0.as_ref().err()).finish()
    }
}

impl<M: Model, S: Shape> Planned<M, S> {
    pub(super) fn new(room: Room) -> Self {
        Self { room, of: PhantomData }
    }

    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// The output as a recorded tensor, for a loss of one's own: whatever is computed of it has its gradient go on into the model.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// net! { type Line = linear(1, 1) }
    /// let loss = |y: &tensor::Planned<Line>, target: &Tensor<dims![Batch, 1]>| y.tensor().huber_loss(target, 0.5, Mean);
    /// let mut step = Line::new(&Device::cpu(), Seed(0)).compile(loss, Sgd::new(0.1));
    /// let (x, y) = (tensor![[1.], [2.]], tensor![[3.], [5.]]);
    /// let first = step.run(&x, &y)?;
    /// assert!(step.run(&x, &y)? < first);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tensor(&self) -> Tensor<S, M::Element> {
        Tensor::of(self.room.leaf().clone())
    }

    fn dynamic(&self) -> Tensor<Dynamic, M::Element> {
        Tensor::of(self.room.leaf().clone())
    }
}

impl<M: Model, S: Shape> Logits for Planned<M, S> {
    type Labels = Labels;
    type Loss = PlannedLoss;

    fn cross_entropy(&self, Labels(labels): &Labels) -> PlannedLoss {
        let checked = same_rows("cross_entropy", self.room.output.sizes(), labels.sizes())
            .and_then(|()| self.room.output.same_device("cross_entropy", labels));
        PlannedLoss(
            self.room
                .compare(labels, |room| {
                    checked?;
                    let (logits, gradient) = (room.output.matrix(), room.gradient.matrix());
                    let backend = room.output.device().backend();
                    backend.cross_entropy(logits, labels.row(), room.loss.row(), Some(gradient))
                })
                .map(|()| None),
        )
    }

    fn of_classes(&self, Labels(labels): &Labels, loss: OfClasses) -> PlannedLoss {
        loss.of(&self.dynamic(), &Tensor::of(labels.clone())).planned()
    }
}

impl<M: Model, S: Shape> Prediction for Planned<M, S> {
    type Target = Values;
    type Loss = PlannedLoss;

    fn mse_loss(&self, Values(target): &Values) -> PlannedLoss {
        let checked = same_sizes("mse_loss", self.room.output.sizes(), target.sizes())
            .and_then(|()| self.room.output.same_device("mse_loss", target));
        PlannedLoss(
            self.room
                .compare(target, |room| {
                    checked?;
                    let (output, gradient) = (room.output.matrix(), room.gradient.matrix());
                    let backend = room.output.device().backend();
                    backend.mse(output, target.matrix(), room.loss.row(), Some(gradient));
                    Ok(())
                })
                .map(|()| None),
        )
    }

    fn of_elements(&self, Values(target): &Values, loss: OfElements) -> PlannedLoss {
        loss.of(&self.dynamic(), &Tensor::of(target.clone())).planned()
    }
}
