//! Learning-rate schedules, with PyTorch's recurrences: the same numbers to the last bit.
//!
//! A schedule is a description, such as `StepLr::new(30)`. [`Schedule::on`] starts it on an optimizer, and gives a [`Scheduler`] whose
//! [`step`](Scheduler::step) sets the rates of the next steps: call it after each epoch, or after each step, as the schedule is
//! meant. Schedules follow each other by [`then`](Schedule::then), and act together by [`and`](Schedule::and).
//!
//! ```
//! use tensor::prelude::*;
//! use tensor::schedule::{CosineAnnealingLr, LinearLr};
//!
//! let mut adam = Adam::new(1e-3);
//! let warm_up = LinearLr::new(0.1, 1.0, 10);
//! let mut schedule = warm_up.then(10, CosineAnnealingLr::new(90)).on(&mut adam)?;
//! assert_eq!(adam.lr(), 1e-4);
//! for _ in 0..10 {
//!     schedule.step(&mut adam)?; // after an optimizer's step
//! }
//! assert_eq!(adam.lr(), 1e-3);
//! # Ok::<(), tensor::Error>(())
//! ```

mod combined;
mod cosine;
mod cyclic;
mod decay;
mod lambda;
mod one_cycle;
mod per_group;
mod plateau;
mod ramp;
mod scheduler;

pub use combined::{And, Then};
pub use cosine::{CosineAnnealingLr, CosineAnnealingWarmRestarts};
pub use cyclic::{CyclicLr, CyclicMode};
pub use decay::{ExponentialLr, MultiStepLr, StepLr};
pub use lambda::{LambdaLr, MultiplicativeLr};
pub use one_cycle::{Anneal, OneCycleLr};
pub use per_group::PerGroup;
pub use plateau::{ReduceLrOnPlateau, Threshold};
pub use ramp::{ConstantLr, LinearLr, PolynomialLr};
pub use scheduler::Scheduler;

use crate::error::Result;
use crate::optim::{Optimizer, Rates};

/// When a schedule is asked for rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On its start; the rates are those of the optimizer.
    Start,
    /// When the schedule before it is over, see [`Schedule::then`]; the rates are what that one left.
    Restart,
    /// After so many calls of [`Scheduler::step`] since then, from 1 on.
    Step(u64),
}

impl When {
    /// The number of steps since the start.
    ///
    /// ```
    /// use tensor::schedule::When;
    /// assert_eq!([When::Start.step(), When::Step(3).step()], [0, 3]);
    /// ```
    pub fn step(self) -> u64 {
        match self {
            Self::Start | Self::Restart => 0,
            Self::Step(step) => step,
        }
    }
}

/// What a schedule is asked: the rates of which group, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    /// When.
    pub when: When,
    /// The group, from 0 on.
    pub group: usize,
    /// The group's learning rate when the schedule was started on the optimizer: PyTorch's `initial_lr`.
    pub base: f64,
}

/// How the learning rate goes: from the rates that a group has to those it is to have next.
///
/// A schedule of one's own says just that.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::{At, Schedule};
///
/// /// `base / sqrt(1 + step)`.
/// struct InverseRoot;
///
/// impl Schedule for InverseRoot {
///     fn rates(&self, at: At, now: tensor::Rates) -> Result<tensor::Rates, tensor::Error> {
///         Ok(tensor::Rates { lr: at.base / (1.0 + at.when.step() as f64).sqrt(), ..now })
///     }
///     fn name(&self) -> String {
///         "inverse_root".into()
///     }
/// }
///
/// let mut sgd = Sgd::new(0.5);
/// let mut schedule = InverseRoot.on(&mut sgd)?;
/// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.25);
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Schedule {
    /// The rates of a group from those it has.
    ///
    /// # Errors
    /// Where the schedule has come to its end.
    fn rates(&self, at: At, now: Rates) -> Result<Rates>;

    /// What it is called in files, so that the state of another schedule is refused.
    fn name(&self) -> String;

    /// Whether the options make sense for so many groups; asked on the start, before anything is changed.
    ///
    /// # Errors
    /// Where they do not.
    fn check(&self, groups: usize) -> Result<()> {
        let _ = groups;
        Ok(())
    }

    /// Starts the schedule on an optimizer, whose learning rates are its base, and sets the first rates.
    ///
    /// # Errors
    /// Where an option makes no sense; the optimizer is then as it was.
    fn on(self, optimizer: &mut impl Optimizer) -> Result<Scheduler<Self>>
    where
        Self: Sized,
    {
        Scheduler::start(self, optimizer)
    }

    /// From the given step on another schedule, which begins there: `a.then(10, b).then(30, c)` is PyTorch's
    /// `SequentialLR([a, b, c], milestones=[10, 30])`.
    fn then<S: Schedule>(self, milestone: u64, next: S) -> Then<Self, S>
    where
        Self: Sized,
    {
        Then::new(self, milestone, next)
    }

    /// Both at each step, this one first: PyTorch's `ChainedScheduler([a, b])`.
    fn and<S: Schedule>(self, other: S) -> And<Self, S>
    where
        Self: Sized,
    {
        And::new(self, other)
    }
}

impl<S: Schedule + ?Sized> Schedule for Box<S> {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        (**self).rates(at, now)
    }

    fn name(&self) -> String {
        (**self).name()
    }

    fn check(&self, groups: usize) -> Result<()> {
        (**self).check(groups)
    }
}
