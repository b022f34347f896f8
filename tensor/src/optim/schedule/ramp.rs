//! Rates that stay below the base for a while, or go down to 0.

use crate::error::{Error, Result};
use crate::optim::Rates;
use crate::optim::schedule::decay::finite;
use crate::optim::schedule::{At, Schedule, When};

/// A factor from 0 to 1, 0 itself being allowed or not.
fn share(name: &'static str, factor: f64, zero: bool) -> Result<()> {
    if factor <= 1.0 && (factor > 0.0 || zero && factor == 0.0) {
        return Ok(());
    }
    let expected = if zero {
        "a number from 0 to 1"
    } else {
        "a number above 0, up to 1"
    };
    Err(Error::argument(name, expected, factor))
}

/// `factor * base` for so many steps, then the base.
///
/// As PyTorch's, whose defaults are a third and 5 steps. A factor of 0 is refused: no factor leads back from a rate of 0.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::ConstantLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = ConstantLr::new(0.25, 3).on(&mut sgd)?;
/// assert_eq!(sgd.lr(), 0.25);
/// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 1.0);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstantLr {
    factor: f64,
    steps: u64,
}

impl ConstantLr {
    /// This factor for so many steps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ConstantLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = ConstantLr::new(0.5, 2).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(factor: f64, steps: u64) -> Self {
        Self { factor, steps }
    }
}

impl Schedule for ConstantLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let lr = match at.when {
            When::Start => now.lr * self.factor,
            When::Restart => {
                let over = if self.steps == 0 { 1.0 } else { 0.0 };
                at.base * (self.factor + over * (1.0 - self.factor))
            }
            When::Step(step) if step == self.steps => now.lr * (1.0 / self.factor),
            When::Step(_) => now.lr,
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "constant".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        share("factor", self.factor, false)
    }
}

/// From `start * base` to `end * base` in equal parts over so many steps, then on at that rate: a warm-up.
///
/// ```text
/// lr(t) = base * (start + (end - start) * min(t, steps) / steps)
/// ```
///
/// As PyTorch's, whose defaults are a third, 1 and 5 steps.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::LinearLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = LinearLr::new(0.5, 1.0, 2).on(&mut sgd)?;
/// schedule.step(&mut sgd)?;
/// assert_eq!(sgd.lr(), 0.75);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearLr {
    start: f64,
    end: f64,
    steps: u64,
}

impl LinearLr {
    /// From one factor to another over so many steps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::LinearLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = LinearLr::new(0.25, 1.0, 3).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(start: f64, end: f64, steps: u64) -> Self {
        Self { start, end, steps }
    }
}

impl Schedule for LinearLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let (rise, steps) = (self.end - self.start, self.steps as f64);
        let lr = match at.when {
            When::Start => now.lr * self.start,
            When::Restart => at.base * (self.start + rise * 0.0 / steps),
            When::Step(step) if step > self.steps => now.lr,
            When::Step(step) => now.lr * (1.0 + rise / (steps * self.start + step.saturating_sub(1) as f64 * rise)),
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "linear".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        share("start", self.start, false)?;
        share("end", self.end, true)?;
        if self.steps == 0 {
            return Err(Error::argument("steps", "a number of steps from 1 on", self.steps));
        }
        Ok(())
    }
}

/// Down to 0 over so many steps, along a power of what is left; `power` is 1 at first, a straight line.
///
/// ```text
/// lr(t) = base * (1 - min(t, steps) / steps)^power
/// ```
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::PolynomialLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = PolynomialLr::new(4).power(2.0).on(&mut sgd)?;
/// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert_eq!(sgd.lr(), 0.25);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolynomialLr {
    steps: u64,
    power: f64,
}

impl PolynomialLr {
    /// Over so many steps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::PolynomialLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = PolynomialLr::new(2).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(steps: u64) -> Self {
        Self { steps, power: 1.0 }
    }

    /// The power.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::PolynomialLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = PolynomialLr::new(2).power(2.0).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.25);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn power(mut self, power: f64) -> Self {
        self.power = power;
        self
    }
}

impl Schedule for PolynomialLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let steps = self.steps as f64;
        let lr = match at.when {
            When::Start => now.lr,
            When::Restart => at.base,
            When::Step(step) if step > self.steps => now.lr,
            When::Step(step) => {
                let left = (1.0 - step as f64 / steps) / (1.0 - step.saturating_sub(1) as f64 / steps);
                now.lr * left.powf(self.power)
            }
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "polynomial".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        if self.steps == 0 {
            return Err(Error::argument("steps", "a number of steps from 1 on", self.steps));
        }
        finite("power", self.power)
    }
}
