//! One rise and one fall.

use std::f64::consts::PI;

use crate::error::{Error, Result};
use crate::optim::Rates;
use crate::optim::schedule::decay::finite;
use crate::optim::schedule::{At, PerGroup, Schedule};

/// How a rate goes from one number to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anneal {
    /// Along half a cosine.
    Cos,
    /// Along a line.
    Linear,
}

impl Anneal {
    fn between(self, start: f64, end: f64, share: f64) -> f64 {
        match self {
            Self::Cos => end + (start - end) / 2.0 * ((PI * share).cos() + 1.0),
            Self::Linear => (end - start) * share + start,
        }
    }
}

/// Up from `max_lr / div_factor` to `max_lr`, then down to a ten-thousandth of where it began, while the momentum goes the other way.
///
/// The first share of the steps (`start`, 0.3 at first) goes up, the rest down, along a cosine at first. With
/// [`three_phase`](OneCycleLr::three_phase) it goes down as slowly as up, and then on to the end. The learning rate that the optimizer has
/// does not count; the momentum is that of SGD and the first beta of Adam.
///
/// PyTorch's `OneCycleLR`, with its defaults; `start` is its `pct_start`. Smith, Topin, *Super-Convergence: Very Fast Training of Neural
/// Networks Using Large Learning Rates*, 2018.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::OneCycleLr;
/// let mut sgd = Sgd::new(1.0).momentum(0.9);
/// let mut schedule = OneCycleLr::new(0.5, 11).start(0.5).on(&mut sgd)?;
/// assert!((sgd.lr() - 0.02).abs() < 1e-12);
/// (0..10).try_for_each(|_| schedule.step(&mut sgd))?;
/// assert!(sgd.lr() < 1e-5);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OneCycleLr {
    max_lr: PerGroup,
    steps: u64,
    start: f64,
    anneal: Anneal,
    /// The least and the largest.
    momentum: Option<(PerGroup, PerGroup)>,
    div_factor: f64,
    final_div_factor: f64,
    three_phase: bool,
}

impl OneCycleLr {
    /// Up to this rate, in so many steps all together: those of the whole run, the start among them.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0).part("head", |group| group);
    /// let mut schedule = OneCycleLr::new([0.5, 0.25], 100).on(&mut sgd)?;
    /// assert!((sgd.rates(1)?.lr - 0.01).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(max_lr: impl Into<PerGroup>, steps: u64) -> Self {
        Self {
            max_lr: max_lr.into(),
            steps,
            start: 0.3,
            anneal: Anneal::Cos,
            momentum: Some((0.85.into(), 0.95.into())),
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }

    /// The share of the steps that go up.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 10).start(0.5).on(&mut sgd)?;
    /// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn start(mut self, share: f64) -> Self {
        self.start = share;
        self
    }

    /// How it goes up and down.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::{Anneal, OneCycleLr};
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(1.0, 6).start(0.5).div_factor(2.0).anneal(Anneal::Linear).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.lr(), 0.75);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn anneal(mut self, anneal: Anneal) -> Self {
        self.anneal = anneal;
        self
    }

    /// The least and the largest momentum; 0.85 and 0.95 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 10).start(0.5).momentum(0.5, 0.75).on(&mut sgd)?;
    /// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.rates(0)?.momentum, 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn momentum(mut self, base: impl Into<PerGroup>, max: impl Into<PerGroup>) -> Self {
        self.momentum = Some((base.into(), max.into()));
        self
    }

    /// Leaves the momentum alone: PyTorch's `cycle_momentum=False`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 10).without_momentum().on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.rates(0)?.momentum, 0.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn without_momentum(mut self) -> Self {
        self.momentum = None;
        self
    }

    /// It begins at `max_lr` divided by this; 25 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 10).div_factor(2.0).on(&mut sgd)?;
    /// assert!((sgd.lr() - 0.25).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn div_factor(mut self, factor: f64) -> Self {
        self.div_factor = factor;
        self
    }

    /// It ends at the beginning divided by this; 10,000 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 10).div_factor(2.0).final_div_factor(5.0).on(&mut sgd)?;
    /// (0..9).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert!((sgd.lr() - 0.05).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn final_div_factor(mut self, factor: f64) -> Self {
        self.final_div_factor = factor;
        self
    }

    /// Down to where it began in as many steps as up, and from there to the end.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::OneCycleLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = OneCycleLr::new(0.5, 12).div_factor(2.0).three_phase().start(0.25).on(&mut sgd)?;
    /// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert!((sgd.lr() - 0.25).abs() < 1e-12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn three_phase(mut self) -> Self {
        self.three_phase = true;
        self
    }

    /// For each phase the step with which it ends, where the rate ends (from `[first, largest, last]`), and where the momentum.
    fn phases(&self) -> ([(f64, usize, usize); 3], usize) {
        let steps = self.steps as f64;
        let (up, last) = (self.start * steps - 1.0, steps - 1.0);
        if self.three_phase {
            let down = 2.0 * self.start * steps - 2.0;
            ([(up, 1, 0), (down, 0, 1), (last, 2, 1)], 3)
        } else {
            ([(up, 1, 0), (last, 2, 1), (last, 2, 1)], 2)
        }
    }
}

impl Schedule for OneCycleLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let step = at.when.step();
        if step > self.steps {
            let expected = format!("{} at most, the length of the cycle", self.steps);
            return Err(Error::argument("the number of steps of a schedule", expected, step));
        }
        let max = self.max_lr.get(at.group);
        let first = max / self.div_factor;
        let rates = [first, max, first / self.final_div_factor];
        let momenta = self
            .momentum
            .as_ref()
            .map(|(base, max)| [base.get(at.group), max.get(at.group)]);
        let step = step as f64;
        let (phases, count) = self.phases();
        let mut from = (0.0, 0, 1);
        for (phase, to) in phases[..count].iter().copied().enumerate() {
            if step <= to.0 || phase == count - 1 {
                // A phase of no length is over at once.
                let share = if to.0 == from.0 {
                    1.0
                } else {
                    (step - from.0) / (to.0 - from.0)
                };
                let lr = self.anneal.between(rates[from.1], rates[to.1], share);
                let momentum = momenta.map_or(now.momentum, |momenta| {
                    self.anneal.between(momenta[from.2], momenta[to.2], share)
                });
                return Ok(Rates { lr, momentum });
            }
            from = to;
        }
        unreachable!("the last phase takes every step")
    }

    fn name(&self) -> String {
        "one_cycle".into()
    }

    fn check(&self, groups: usize) -> Result<()> {
        self.max_lr.check("max_lr", groups)?;
        if let Some((base, max)) = &self.momentum {
            base.check("base_momentum", groups)?;
            max.check("max_momentum", groups)?;
        }
        if !(0.0..=1.0).contains(&self.start) {
            return Err(Error::argument("start", "a number from 0 to 1", self.start));
        }
        for (name, factor) in [
            ("div_factor", self.div_factor),
            ("final_div_factor", self.final_div_factor),
        ] {
            finite(name, factor)?;
            if factor <= 0.0 {
                return Err(Error::argument(name, "a number above 0", factor));
            }
        }
        if self.steps == 0 {
            return Err(Error::argument("steps", "a number of steps from 1 on", self.steps));
        }
        Ok(())
    }
}
