//! Rates that fall when nothing gets better.

use crate::error::{Error, Result};
use crate::optim::schedule::PerGroup;
use crate::optim::{Optimizer, Progress, Rates};

/// What counts as better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// By this share of the best so far.
    Relative(f64),
    /// By this number.
    Absolute(f64),
}

/// `lr * factor` when a loss has not become better for more than `patience` steps.
///
/// It is told the loss, or with [`maximize`](Self::maximize) what should grow. Options and defaults are PyTorch's `ReduceLROnPlateau`:
/// a factor of 0.1, a patience of 10, a threshold of a ten-thousandth of the best, no cooldown, a least rate of 0, and no change of less
/// than 1e-8. A loss of NaN is not better.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::ReduceLrOnPlateau;
/// let mut sgd = Sgd::new(1.0);
/// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(1);
/// for loss in [3.0, 2.0, 2.0, 2.5] {
///     plateau.step(loss, &mut sgd)?;
/// }
/// assert_eq!(sgd.lr(), 0.5);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ReduceLrOnPlateau {
    factor: f64,
    patience: u64,
    threshold: Threshold,
    maximize: bool,
    cooldown: u64,
    min_lr: PerGroup,
    eps: f64,
    best: Option<f64>,
    bad: u64,
    cooling: u64,
}

impl Default for ReduceLrOnPlateau {
    fn default() -> Self {
        Self {
            factor: 0.1,
            patience: 10,
            threshold: Threshold::Relative(1e-4),
            maximize: false,
            cooldown: 0,
            min_lr: 0.0.into(),
            eps: 1e-8,
            best: None,
            bad: 0,
            cooling: 0,
        }
    }
}

impl ReduceLrOnPlateau {
    /// With the defaults.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new();
    /// [3.0, 2.0, 1.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 1.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// By which factor the rate falls.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0);
    /// [3.0, 3.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// How many steps without something better are borne.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(2);
    /// [3.0, 3.0, 3.0, 3.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn patience(mut self, patience: u64) -> Self {
        self.patience = patience;
        self
    }

    /// By how much something has to be better.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::{ReduceLrOnPlateau, Threshold};
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0).threshold(Threshold::Absolute(0.5));
    /// [3.0, 2.9].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// What it is told should grow, as an accuracy.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0).maximize();
    /// [0.8, 0.7].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn maximize(mut self) -> Self {
        self.maximize = true;
        self
    }

    /// How many steps after a fall do not count.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0).cooldown(2);
    /// [3.0, 3.0, 3.0, 3.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cooldown(mut self, cooldown: u64) -> Self {
        self.cooldown = cooldown;
        self
    }

    /// The least rate.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0).min_lr(0.75);
    /// [3.0, 3.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.75);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn min_lr(mut self, min_lr: impl Into<PerGroup>) -> Self {
        self.min_lr = min_lr.into();
        self
    }

    /// A rate that would change by no more than this stays.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().factor(0.5).patience(0).eps(0.6);
    /// [3.0, 3.0].into_iter().try_for_each(|loss| plateau.step(loss, &mut sgd))?;
    /// assert_eq!(sgd.lr(), 1.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    /// Notes a loss, and lowers the rates if it was time.
    ///
    /// # Errors
    /// Where an option makes no sense. Nothing is changed then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::ReduceLrOnPlateau;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut plateau = ReduceLrOnPlateau::new().patience(0);
    /// plateau.step(3.0, &mut sgd)?;
    /// plateau.step(3.5, &mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn step(&mut self, metric: f64, optimizer: &mut impl Optimizer) -> Result<()> {
        self.check(optimizer.groups())?;
        if self.is_better(metric) {
            self.best = Some(metric);
            self.bad = 0;
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            self.reduce(optimizer)?;
            self.cooling = self.cooldown;
            self.bad = 0;
        }
        Ok(())
    }

    fn reduce(&self, optimizer: &mut impl Optimizer) -> Result<()> {
        for group in 0..optimizer.groups() {
            let now = optimizer.rates(group)?;
            let lr = (now.lr * self.factor).max(self.min_lr.get(group));
            if now.lr - lr > self.eps {
                optimizer.set_rates(group, Rates { lr, ..now })?;
            }
        }
        Ok(())
    }

    fn is_better(&self, metric: f64) -> bool {
        let worst = if self.maximize {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
        let best = self.best.unwrap_or(worst);
        match (self.threshold, self.maximize) {
            (Threshold::Relative(share), false) => metric < best * (1.0 - share),
            (Threshold::Relative(share), true) => metric > best * (share + 1.0),
            (Threshold::Absolute(number), false) => metric < best - number,
            (Threshold::Absolute(number), true) => metric > best + number,
        }
    }

    fn check(&self, groups: usize) -> Result<()> {
        if !(0.0..1.0).contains(&self.factor) {
            return Err(Error::argument("factor", "a number from 0 and below 1", self.factor));
        }
        let (Threshold::Relative(threshold) | Threshold::Absolute(threshold)) = self.threshold;
        if !threshold.is_finite() {
            return Err(Error::argument("threshold", "a finite number", threshold));
        }
        self.min_lr.check("min_lr", groups)
    }
}

impl Progress for ReduceLrOnPlateau {
    fn name(&self) -> String {
        "reduce_on_plateau".into()
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.best.unwrap_or(f64::NAN), self.bad as f64, self.cooling as f64]
    }

    fn resume(&mut self, numbers: &[f64]) {
        if let [best, bad, cooling] = *numbers {
            self.best = (!best.is_nan()).then_some(best);
            (self.bad, self.cooling) = (bad as u64, cooling as u64);
        }
    }
}
