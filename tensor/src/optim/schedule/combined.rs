//! Schedules made of schedules.

use crate::error::Result;
use crate::optim::Rates;
use crate::optim::schedule::{At, Schedule, When};

/// One schedule, and from a step on another: see [`Schedule::then`]. PyTorch's `SequentialLR`.
///
/// The other begins as it would on an optimizer of the base rate, whatever rate the first has left.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::{ConstantLr, ExponentialLr};
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = ConstantLr::new(0.5, 100).then(2, ExponentialLr::new(0.5)).on(&mut sgd)?;
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..4 {
///     schedule.step(&mut sgd)?;
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.5, 0.5, 1.0, 0.5, 0.25]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Then<A, B> {
    first: A,
    milestone: u64,
    next: B,
}

impl<A, B> Then<A, B> {
    pub(super) fn new(first: A, milestone: u64, next: B) -> Self {
        Self { first, milestone, next }
    }
}

impl<A: Schedule, B: Schedule> Schedule for Then<A, B> {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let step = at.when.step();
        // What is begun on the start begins from the base.
        let now = match at.when {
            When::Start => Rates { lr: at.base, ..now },
            When::Restart | When::Step(_) => now,
        };
        if step < self.milestone {
            return self.first.rates(at, now);
        }
        let when = match (step - self.milestone, at.when) {
            (0, When::Step(_)) => When::Restart,
            (0, when) => when,
            (later, _) => When::Step(later),
        };
        self.next.rates(At { when, ..at }, now)
    }

    fn name(&self) -> String {
        format!("{} then {}", self.first.name(), self.next.name())
    }

    fn check(&self, groups: usize) -> Result<()> {
        self.first.check(groups)?;
        self.next.check(groups)
    }
}

/// Two schedules at once: see [`Schedule::and`]. PyTorch's `ChainedScheduler`.
///
/// Each goes on from the rate that the other has made, so that factors multiply; a schedule that has its own idea of the rate, such as
/// [`OneCycleLr`](super::OneCycleLr), overrules what stands before it.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::{ConstantLr, ExponentialLr};
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = ConstantLr::new(0.5, 2).and(ExponentialLr::new(0.5)).on(&mut sgd)?;
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..3 {
///     schedule.step(&mut sgd)?;
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.5, 0.25, 0.25, 0.125]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct And<A, B> {
    first: A,
    second: B,
}

impl<A, B> And<A, B> {
    pub(super) fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

impl<A: Schedule, B: Schedule> Schedule for And<A, B> {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        // Begun anew each would set the rate by itself; both act if they begin as on an optimizer.
        let (at, now) = match at.when {
            When::Restart => {
                let when = When::Start;
                (At { when, ..at }, Rates { lr: at.base, ..now })
            }
            When::Start | When::Step(_) => (at, now),
        };
        let now = self.first.rates(at, now)?;
        self.second.rates(at, now)
    }

    fn name(&self) -> String {
        format!("{} and {}", self.first.name(), self.second.name())
    }

    fn check(&self, groups: usize) -> Result<()> {
        self.first.check(groups)?;
        self.second.check(groups)
    }
}
