//! Rates by functions of the user's.

use std::fmt;

use crate::error::Result;
use crate::optim::Rates;
use crate::optim::schedule::{At, Schedule, When};

/// A factor of the base as a function of the step: `lr(t) = base * factor(t)`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::LambdaLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = LambdaLr::new(|step| 1.0 / (1 + step) as f64).on(&mut sgd)?;
/// schedule.step(&mut sgd)?;
/// assert_eq!(sgd.lr(), 0.5);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct LambdaLr<F> {
    factor: F,
}

impl<F: Fn(u64) -> f64> LambdaLr<F> {
    /// By this function. For another one in each group see [`Schedule`], which is told the group.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::LambdaLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = LambdaLr::new(|step| if step < 10 { 1.0 } else { 0.5 }).on(&mut sgd)?;
    /// (0..10).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(factor: F) -> Self {
        Self { factor }
    }
}

impl<F: Fn(u64) -> f64> Schedule for LambdaLr<F> {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let lr = at.base * (self.factor)(at.when.step());
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "lambda".into()
    }
}

impl<F> fmt::Debug for LambdaLr<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LambdaLr").finish_non_exhaustive()
    }
}

/// A factor of the last rate as a function of the step: `lr(t) = lr(t - 1) * factor(t)`, from `t = 1` on.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::MultiplicativeLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = MultiplicativeLr::new(|_| 0.5).on(&mut sgd)?;
/// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.25);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct MultiplicativeLr<F> {
    factor: F,
}

impl<F: Fn(u64) -> f64> MultiplicativeLr<F> {
    /// By this function.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::MultiplicativeLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = MultiplicativeLr::new(|step| step as f64).on(&mut sgd)?;
    /// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 6.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(factor: F) -> Self {
        Self { factor }
    }
}

impl<F: Fn(u64) -> f64> Schedule for MultiplicativeLr<F> {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let lr = match at.when {
            When::Start => now.lr,
            // As in PyTorch it goes on from the rate that the schedule before it has left.
            When::Restart | When::Step(_) => now.lr * (self.factor)(at.when.step()),
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "multiplicative".into()
    }
}

impl<F> fmt::Debug for MultiplicativeLr<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultiplicativeLr").finish_non_exhaustive()
    }
}
