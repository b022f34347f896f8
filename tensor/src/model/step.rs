//! A training step compiled whole: forward, loss, backward and update, without a tape.

use std::marker::PhantomData;

use smallvec::SmallVec;

use crate::device::{Matrix, reading};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::model::frame::Frame;
use crate::model::inputs::{Each, Inputs as _, List, Rows, agree};
use crate::model::outputs::Rooms;
use crate::model::pass::{Pass, Scope};
use crate::model::planned::{Loss, PlannedOutputs};
use crate::model::recorded::backward;
use crate::model::room::{Room, settle};
use crate::model::run::{enter, matrices, scope};
use crate::model::target::Target;
use crate::model::{Model, Outputs};
use crate::optim::{Optimizer, clip_grad_norm};
use crate::shape::{Batch, Dim};
use crate::tape::{Coming, enable_grad, same_device};

/// A model with its loss and its optimizer: [`Step::run`] is one flat function.
///
/// ```
/// use tensor::prelude::*;
/// net! { type Mlp = linear(2, 8) >> tanh >> linear(8, 2) }
///
/// let mut step = Mlp::new(&Device::cpu(), Seed(0)).compile(cross_entropy, Adam::new(0.1));
/// let (x, labels) = (tensor![[0., 0.], [0., 1.], [1., 0.], [1., 1.]], tensor![0, 1, 1, 0]);
/// for _ in 0..100 {
///     step.run(&x, &labels)?;
/// }
/// assert_eq!(step.model().infer(&x).argmax(), labels);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Step<M, L, O, Y> {
    model: M,
    loss: L,
    optimizer: O,
    count: u64,
    /// So many batches make an update.
    batches: usize,
    /// Batches since the last update.
    waiting: usize,
    max_norm: Option<f64>,
    target: PhantomData<fn(Y)>,
}

impl<M, L, O, Y, R> Step<M, L, O, Y>
where
    M: Model,
    L: Fn(&PlannedOutputs<M>, &Y) -> R,
    R: Loss,
    O: Optimizer,
    Y: Target<M>,
{
    #[doc(hidden)]
    pub fn new(model: M, loss: L, optimizer: O) -> Self {
        Self {
            model,
            loss,
            optimizer,
            count: 0,
            batches: 1,
            waiting: 0,
            max_norm: None,
            target: PhantomData,
        }
    }

    /// Updates after each so many batches, by the mean of their gradients: one large batch, where there is only room for a small one.
    /// 0 is as 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let mut step = Line::new(&Device::cpu(), Seed(0)).compile(mse_loss, Sgd::new(0.1)).accumulate(2);
    /// let before = step.model().0.weight.to_vec()?;
    /// step.run(&tensor![[1.]], &tensor![[2.]])?;
    /// assert_eq!(step.model().0.weight.to_vec()?, before);
    /// step.run(&tensor![[3.]], &tensor![[6.]])?;
    /// assert_ne!(step.model().0.weight.to_vec()?, before);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn accumulate(mut self, batches: usize) -> Self {
        self.batches = batches.max(1);
        self
    }

    /// Scales the gradients before each update so that their norm is this at most: [`clip_grad_norm`](crate::clip_grad_norm).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let mut step = Line::new(&Device::cpu(), Seed(0)).compile(mse_loss, Sgd::new(1.0)).clip_grad_norm(0.5);
    /// let before = step.model().0.bias.at([0])?;
    /// step.run(&tensor![[0.]], &tensor![[100.]])?;
    /// assert!((step.model().0.bias.at([0])? - before - 0.5).abs() < 1e-4);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn clip_grad_norm(mut self, max_norm: f64) -> Self {
        self.max_norm = Some(max_norm);
        self
    }

    /// One step on one batch: forward, loss, backward, update. Gives the loss before the update. Several inputs are a tuple:
    /// `step.run((&x, &mask), &labels)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut step = net!(linear(1, 1)).compile(mse_loss, Sgd::new(0.1));
    /// let (x, y) = (tensor![[1.], [2.]], tensor![[3.], [5.]]);
    /// let first = step.run(&x, &y)?;
    /// for _ in 0..200 {
    ///     step.run(&x, &y)?;
    /// }
    /// assert!(step.run(&x, &y)? < first / 100.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the loss is not finite any more, a label is no class, the sizes do not fit, or the device has no room. The
    /// parameters are then as they were, and this batch leaves no gradients. A loss that is not finite takes those of batches that wait
    /// with it.
    pub fn run<B: Dim>(&mut self, inputs: M::Inputs<'_, B>, y: &Y::Tensor<B>) -> Result<M::Element> {
        let (program, core) = (M::PROGRAM, self.model.core());
        let List(given) = inputs.list();
        let inputs = Rows::of(&given);
        let inputs = inputs.list();
        agree(program, &inputs)?;
        for input in &inputs {
            input.buffer.check()?;
            same_device(program.name, inputs[0].device(), input.device())?;
        }
        if inputs[0].sizes()[0] == 0 {
            let found = describe(inputs[0].sizes());
            return Err(Error::shape("step", "a batch of one sample or more", found));
        }
        let rooms = (0..program.outputs.len()).map(|output| Room::new(&self.model, output, &inputs));
        let rooms: SmallVec<[Room; 2]> = rooms.collect::<Result<_>>()?;
        let mut frame = Frame::take(
            core.home(),
            program,
            core.device(),
            <M::Element as Element>::DTYPE,
            false,
        );
        let sizes = enter(&mut frame, &self.model, &inputs, false)?;
        frame.random = core.random(program);
        let backend = core.device().backend();
        let matrices = matrices(&inputs);
        let outputs: Each<Matrix<'_>> = rooms.iter().map(|room| room.output.row()).collect();
        let gradients: Each<Matrix<'_>> = rooms.iter().map(|room| room.gradient.row()).collect();
        let forward = scope(&frame, &sizes, &matrices, &outputs);
        {
            let _reading = reading(inputs.iter().map(|input| &input.buffer));
            (program.forward)(&Pass {
                backend,
                frame: &frame,
                locks: None,
                scope: forward,
            });
        }
        frame.workspace.check()?;
        rooms.iter().try_for_each(|room| room.output.buffer.check())?;
        let coming = self.losses::<B>(&rooms, y)?;
        if self.batches > 1 {
            let share = 1.0 / self.batches as f64;
            gradients
                .iter()
                .try_for_each(|&gradient| backend.scale(share, gradient))?;
        }
        let backwards = Scope {
            output_grads: &gradients,
            ..forward
        };
        let went_back = backward(&frame, backwards);
        self.count += 1;
        let step = self.count;
        let mut sum = 0.0;
        let mut losses = coming.into_iter().map(|coming| coming.wait::<M::Element>());
        let loss = losses.try_for_each(|loss| loss.map(|loss| sum += loss.as_f64()));
        let loss = loss.and_then(|()| match sum.is_finite() {
            true => Ok(<M::Element as Element>::from_f64(sum)),
            false => Err(Error::NotFinite { value: sum, step }),
        });
        let waiting = std::mem::take(&mut self.waiting);
        let loss = went_back.and(loss).inspect_err(|_| frame.forget_gradients())?;
        drop(frame);
        self.waiting = waiting + 1;
        if self.waiting >= self.batches {
            self.update()?;
        }
        Ok(loss)
    }

    /// The losses of the outputs, on their way to the host; their gradients are in the rooms.
    fn losses<B: Dim>(&self, rooms: &[Room], y: &Y::Tensor<B>) -> Result<SmallVec<[Coming; 2]>> {
        let mut each = rooms.iter();
        let mut next = || match each.next() {
            Some(room) => room.again(),
            None => unreachable!("the compiler writes as many outputs into the type as into the program"),
        };
        let outputs = M::Outputs::<Batch>::planned::<M>(&mut next);
        let loss = enable_grad(|| (self.loss)(&outputs, &Y::of::<B>(y)));
        let on_tape = loss.planned().0?;
        let Rooms(rooms) = M::Outputs::<Batch>::rooms::<M>(&outputs);
        settle(&rooms, on_tape.as_ref())
    }

    /// Updates now, where batches wait for others that will not come, as at the end of an epoch; does nothing where none waits. Each
    /// counts for as much as it does among all.
    ///
    /// # Errors
    /// As those of the optimizer.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let mut step = Line::new(&Device::cpu(), Seed(0)).compile(mse_loss, Sgd::new(0.5)).accumulate(4);
    /// let before = step.model().0.bias.to_vec()?;
    /// step.run(&tensor![[0.]], &tensor![[100.]])?;
    /// step.update()?;
    /// assert_ne!(step.model().0.bias.to_vec()?, before);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn update(&mut self) -> Result<()> {
        if std::mem::take(&mut self.waiting) == 0 {
            return Ok(());
        }
        if let Some(max_norm) = self.max_norm {
            clip_grad_norm(&mut self.model, max_norm)?;
        }
        self.optimizer.step(&mut self.model)
    }

    /// The model as it is now.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let step = net!(linear(2, 1)).compile(mse_loss, Sgd::new(0.1));
    /// assert_eq!(step.model().infer(&tensor![[1., 2.]]).sizes(), [1, 1]);
    /// ```
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model, to change.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut step = net!(linear(2, 1)).compile(mse_loss, Sgd::new(0.1));
    /// step.model_mut().eval();
    /// assert!(!step.model().is_training());
    /// ```
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.model
    }

    /// The optimizer.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let step = net!(linear(2, 1)).compile(mse_loss, Sgd::new(0.1));
    /// assert_eq!(step.optimizer().lr(), 0.1);
    /// ```
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// The optimizer, to change: its learning rate, say.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut step = net!(linear(2, 1)).compile(mse_loss, Sgd::new(0.1));
    /// step.optimizer_mut().set_lr(0.01);
    /// assert_eq!(step.optimizer().lr(), 0.01);
    /// ```
    pub fn optimizer_mut(&mut self) -> &mut O {
        &mut self.optimizer
    }

    /// Model and optimizer, apart again.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (model, sgd) = net!(linear(2, 1)).compile(mse_loss, Sgd::new(0.1)).into_parts();
    /// assert_eq!((model.num_parameters(), sgd.lr()), (3, 0.1));
    /// ```
    pub fn into_parts(self) -> (M, O) {
        (self.model, self.optimizer)
    }
}
