//! A schedule at work on an optimizer.

use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::optim::schedule::{At, Schedule, When};
use crate::optim::{Optimizer, Progress, Rates};

/// A schedule that was started on an optimizer by [`Schedule::on`].
///
/// It is written to the optimizer's file by [`Optimizer::save_with`], so that a resumed run goes on bit for bit.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::StepLr;
///
/// let mut sgd = Sgd::new(0.5);
/// let mut schedule = StepLr::new(2).gamma(0.5).on(&mut sgd)?;
/// let mut rates = vec![sgd.lr()];
/// for _epoch in 0..4 {
///     // .. train, with `sgd.step(&mut model)` ..
///     schedule.step(&mut sgd)?;
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.5, 0.5, 0.25, 0.25, 0.125]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scheduler<S> {
    schedule: S,
    step: u64,
    /// The learning rate of each group on the start.
    bases: SmallVec<[f64; 2]>,
}

impl<S: Schedule> Scheduler<S> {
    pub(super) fn start(schedule: S, optimizer: &mut impl Optimizer) -> Result<Self> {
        schedule.check(optimizer.groups())?;
        let bases: Result<_> = (0..optimizer.groups())
            .map(|group| Ok(optimizer.rates(group)?.lr))
            .collect();
        let started = Self {
            schedule,
            step: 0,
            bases: bases?,
        };
        started.set(When::Start, optimizer)?;
        Ok(started)
    }

    /// Sets the rates that the optimizer goes on with; after a step of that, or after an epoch. In a compiled step it is
    /// `schedule.step(step.optimizer_mut())`.
    ///
    /// # Errors
    /// Where the schedule has come to its end, or the optimizer has other groups than the one it was started on. The rates are
    /// then as they were.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ExponentialLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = ExponentialLr::new(0.5).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn step(&mut self, optimizer: &mut impl Optimizer) -> Result<()> {
        self.set(When::Step(self.step + 1), optimizer)?;
        self.step += 1;
        Ok(())
    }

    /// How often [`Scheduler::step`] was called: PyTorch's `last_epoch`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ExponentialLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = ExponentialLr::new(0.5).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(schedule.steps(), 1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// The schedule that it goes by.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::StepLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let scheduler = StepLr::new(3).on(&mut sgd)?;
    /// assert_eq!(*scheduler.schedule(), StepLr::new(3));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn schedule(&self) -> &S {
        &self.schedule
    }

    fn set(&self, when: When, optimizer: &mut impl Optimizer) -> Result<()> {
        if optimizer.groups() != self.bases.len() {
            return Err(Error::argument(
                "optimizer",
                format!("the {} groups that the schedule was started on", self.bases.len()),
                format!("{} groups", optimizer.groups()),
            ));
        }
        let next: Result<SmallVec<[Rates; 4]>> = self
            .bases
            .iter()
            .enumerate()
            .map(|(group, &base)| {
                let at = At { when, group, base };
                self.schedule.rates(at, optimizer.rates(group)?)
            })
            .collect();
        next?
            .into_iter()
            .enumerate()
            .try_for_each(|(group, rates)| optimizer.set_rates(group, rates))
    }
}

impl<S: Schedule> Progress for Scheduler<S> {
    fn name(&self) -> String {
        self.schedule.name()
    }

    fn numbers(&self) -> Vec<f64> {
        let mut numbers = vec![self.step as f64];
        numbers.extend(&self.bases);
        numbers
    }

    fn resume(&mut self, numbers: &[f64]) {
        if let [step, bases @ ..] = numbers {
            self.step = *step as u64;
            self.bases = bases.into();
        }
    }
}
