//! Rates that fall by a factor.

use crate::error::{Error, Result};
use crate::optim::Rates;
use crate::optim::schedule::{At, Schedule, When};

/// Whether a factor is a number.
pub(super) fn finite(name: &'static str, number: f64) -> Result<()> {
    if number.is_finite() {
        return Ok(());
    }
    Err(Error::argument(name, "a finite number", number))
}

/// `lr * gamma` every so many steps; `gamma` is 0.1 at first.
///
/// ```text
/// lr(t) = base * gamma^floor(t / size)
/// ```
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::StepLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = StepLr::new(3).gamma(0.5).on(&mut sgd)?;
/// (0..7).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.25);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepLr {
    size: u64,
    gamma: f64,
}

impl StepLr {
    /// Every `size` steps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::StepLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = StepLr::new(2).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(size: u64) -> Self {
        Self { size, gamma: 0.1 }
    }

    /// The factor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::StepLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = StepLr::new(2).gamma(0.5).on(&mut sgd)?;
    /// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.25);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = gamma;
        self
    }
}

impl Schedule for StepLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let lr = match at.when {
            When::Restart => at.base,
            When::Step(step) if step.is_multiple_of(self.size) => now.lr * self.gamma,
            When::Start | When::Step(_) => now.lr,
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "step".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        if self.size == 0 {
            return Err(Error::argument("size", "a number of steps from 1 on", self.size));
        }
        finite("gamma", self.gamma)
    }
}

/// `lr * gamma` at each of some steps; twice where one is named twice. `gamma` is 0.1 at first.
///
/// ```text
/// lr(t) = base * gamma^(the number of milestones up to t)
/// ```
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::MultiStepLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = MultiStepLr::new([2, 5]).gamma(0.5).on(&mut sgd)?;
/// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.5);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStepLr {
    milestones: Vec<u64>,
    gamma: f64,
}

impl MultiStepLr {
    /// At these steps, in any order.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::MultiStepLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = MultiStepLr::new([1, 1]).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert!((sgd.lr() - 0.01).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(milestones: impl IntoIterator<Item = u64>) -> Self {
        Self {
            milestones: milestones.into_iter().collect(),
            gamma: 0.1,
        }
    }

    /// The factor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::MultiStepLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = MultiStepLr::new([1, 3]).gamma(0.5).on(&mut sgd)?;
    /// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.25);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = gamma;
        self
    }

    /// `gamma` to the number of the milestones that are meant; 1 for none.
    fn factor(&self, meant: impl Fn(u64) -> bool) -> f64 {
        let count = self.milestones.iter().filter(|milestone| meant(**milestone)).count();
        if count == 0 { 1.0 } else { self.gamma.powf(count as f64) }
    }
}

impl Schedule for MultiStepLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let step = at.when.step();
        let lr = match at.when {
            When::Restart => at.base * self.factor(|milestone| milestone <= step),
            When::Start | When::Step(_) => now.lr * self.factor(|milestone| milestone == step),
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "multi_step".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        finite("gamma", self.gamma)
    }
}

/// `lr * gamma` at each step.
///
/// ```text
/// lr(t) = base * gamma^t
/// ```
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::ExponentialLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = ExponentialLr::new(0.5).on(&mut sgd)?;
/// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.125);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentialLr {
    gamma: f64,
}

impl ExponentialLr {
    /// By this factor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ExponentialLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = ExponentialLr::new(0.5).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.25);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(gamma: f64) -> Self {
        Self { gamma }
    }
}

impl Schedule for ExponentialLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let lr = match at.when {
            When::Start => now.lr,
            When::Restart => at.base,
            When::Step(_) => now.lr * self.gamma,
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "exponential".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        finite("gamma", self.gamma)
    }
}
