//! Rates that fall along half a cosine.

use std::f64::consts::PI;

use crate::error::{Error, Result};
use crate::optim::Rates;
use crate::optim::schedule::decay::finite;
use crate::optim::schedule::{At, Schedule, When};

/// From the base down to `eta_min` along a cosine over `half` steps, and up again over as many; `eta_min` is 0 at first.
///
/// ```text
/// lr(t) = eta_min + (base - eta_min) * (1 + cos(pi * t / half)) / 2
/// ```
///
/// PyTorch's `CosineAnnealingLR`, with `half` as `T_max`. Loshchilov, Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::CosineAnnealingLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = CosineAnnealingLr::new(10).eta_min(0.2).on(&mut sgd)?;
/// (0..5).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert!((sgd.lr() - 0.6).abs() < 1e-12);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineAnnealingLr {
    half: u64,
    eta_min: f64,
}

impl CosineAnnealingLr {
    /// Down over so many steps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CosineAnnealingLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CosineAnnealingLr::new(2).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert!((sgd.lr() - 0.5).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(half: u64) -> Self {
        Self { half, eta_min: 0.0 }
    }

    /// The least learning rate.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CosineAnnealingLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CosineAnnealingLr::new(2).eta_min(0.5).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert!((sgd.lr() - 0.5).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = eta_min;
        self
    }
}

impl Schedule for CosineAnnealingLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let half = self.half as f64;
        let lr = match at.when {
            When::Start => now.lr,
            When::Restart => annealed(self.eta_min, at.base, 0.0),
            // The quotient below would be that of zeros.
            When::Step(step)
                if step > self.half && (step - 1 - self.half).is_multiple_of(self.half.saturating_mul(2)) =>
            {
                now.lr + (at.base - self.eta_min) * (1.0 - (PI / half).cos()) / 2.0
            }
            When::Step(step) => {
                let (here, before) = (PI * step as f64 / half, PI * step.saturating_sub(1) as f64 / half);
                (1.0 + here.cos()) / (1.0 + before.cos()) * (now.lr - self.eta_min) + self.eta_min
            }
        };
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "cosine_annealing".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        if self.half == 0 {
            return Err(Error::argument("half", "a number of steps from 1 on", self.half));
        }
        finite("eta_min", self.eta_min)
    }
}

/// The cosine from `base` to `least` at an angle.
fn annealed(least: f64, base: f64, angle: f64) -> f64 {
    least + (base - least) * (1.0 + angle.cos()) / 2.0
}

/// From the base down to `eta_min` along a cosine, again and again, at first over `period` steps, each time over `times` as many.
///
/// ```text
/// lr(t) = eta_min + (base - eta_min) * (1 + cos(pi * t_i / period_i)) / 2
/// ```
///
/// with `t_i` counted from the last restart. PyTorch's `T_0`, `T_mult` (1 at first) and `eta_min` (0 at first). Loshchilov, Hutter, *SGDR:
/// Stochastic Gradient Descent with Warm Restarts*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::CosineAnnealingWarmRestarts;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = CosineAnnealingWarmRestarts::new(2).times(2).on(&mut sgd)?;
/// (0..4).try_for_each(|_| schedule.step(&mut sgd))?; // one period of 2, and 2 of 4 steps
/// assert!((sgd.lr() - 0.5).abs() < 1e-12);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CosineAnnealingWarmRestarts {
    period: u64,
    times: u64,
    eta_min: f64,
}

impl CosineAnnealingWarmRestarts {
    /// With this first period.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CosineAnnealingWarmRestarts;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CosineAnnealingWarmRestarts::new(2).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 1.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(period: u64) -> Self {
        Self {
            period,
            times: 1,
            eta_min: 0.0,
        }
    }

    /// How many times as long each period is as the one before.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CosineAnnealingWarmRestarts;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CosineAnnealingWarmRestarts::new(1).times(2).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert!((sgd.lr() - 0.5).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// The least learning rate.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CosineAnnealingWarmRestarts;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CosineAnnealingWarmRestarts::new(2).eta_min(0.5).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert!((sgd.lr() - 0.75).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn eta_min(mut self, eta_min: f64) -> Self {
        self.eta_min = eta_min;
        self
    }

    /// The steps since the last restart, and the length of the period.
    fn place(&self, step: u64) -> (u64, u64) {
        let (mut since, mut period) = (step, self.period.max(1));
        if self.times <= 1 {
            return (since % period, period);
        }
        while since >= period {
            since -= period;
            period = period.saturating_mul(self.times);
        }
        (since, period)
    }
}

impl Schedule for CosineAnnealingWarmRestarts {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let (since, period) = self.place(at.when.step());
        let lr = annealed(self.eta_min, at.base, PI * since as f64 / period as f64);
        Ok(Rates { lr, ..now })
    }

    fn name(&self) -> String {
        "cosine_annealing_warm_restarts".into()
    }

    fn check(&self, _: usize) -> Result<()> {
        for (name, number) in [("period", self.period), ("times", self.times)] {
            if number == 0 {
                return Err(Error::argument(name, "a whole number from 1 on", number));
            }
        }
        finite("eta_min", self.eta_min)
    }
}
