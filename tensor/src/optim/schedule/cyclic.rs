//! Rates that go up and down.

use crate::error::{Error, Result};
use crate::optim::Rates;
use crate::optim::schedule::decay::finite;
use crate::optim::schedule::{At, PerGroup, Schedule};

/// How the height of the cycles goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CyclicMode {
    /// It stays.
    Triangular,
    /// It is halved after each cycle.
    Triangular2,
    /// It is multiplied by this factor at each step.
    ExpRange(f64),
}

/// Up from `base_lr` to `max_lr` in a line and down again, over and over, while the momentum goes the other way.
///
/// ```text
/// cycle = floor(1 + t / (up + down))      x = 1 + t / (up + down) - cycle
/// share = x / (up / (up + down))  on the way up, (1 - x) / (down / (up + down))  on the way down
/// lr = base_lr + (max_lr - base_lr) * share * scale
/// momentum = max_momentum - (max_momentum - base_momentum) * share * scale
/// ```
///
/// with `scale` by [`CyclicMode`]. The learning rate that the optimizer has does not count. The momentum is that of SGD and the first
/// beta of Adam. Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::schedule::CyclicLr;
/// let mut sgd = Sgd::new(1.0);
/// let mut schedule = CyclicLr::new(0.25, 0.75, 2).without_momentum().on(&mut sgd)?;
/// let mut rates = vec![sgd.lr()];
/// for _ in 0..4 {
///     schedule.step(&mut sgd)?;
///     rates.push(sgd.lr());
/// }
/// assert_eq!(rates, [0.25, 0.5, 0.75, 0.5, 0.25]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CyclicLr {
    base_lr: PerGroup,
    max_lr: PerGroup,
    up: u64,
    down: u64,
    mode: CyclicMode,
    /// The least and the largest.
    momentum: Option<(PerGroup, PerGroup)>,
}

impl CyclicLr {
    /// From one rate to another over `up` steps, and back over as many. PyTorch's default for `up` is 2000.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CyclicLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CyclicLr::new(0.5, 1.5, 4).on(&mut sgd)?;
    /// (0..2).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 1.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(base_lr: impl Into<PerGroup>, max_lr: impl Into<PerGroup>, up: u64) -> Self {
        Self {
            base_lr: base_lr.into(),
            max_lr: max_lr.into(),
            up,
            down: up,
            mode: CyclicMode::Triangular,
            momentum: Some((0.8.into(), 0.9.into())),
        }
    }

    /// The number of steps on the way down; that on the way up, unless set.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CyclicLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CyclicLr::new(0.5, 1.5, 1).down(3).on(&mut sgd)?;
    /// (0..4).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn down(mut self, down: u64) -> Self {
        self.down = down;
        self
    }

    /// How the height goes; it stays at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::{CyclicLr, CyclicMode};
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CyclicLr::new(0.5, 1.5, 1).mode(CyclicMode::Triangular2).on(&mut sgd)?;
    /// (0..3).try_for_each(|_| schedule.step(&mut sgd))?;
    /// assert_eq!(sgd.lr(), 1.0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn mode(mut self, mode: CyclicMode) -> Self {
        self.mode = mode;
        self
    }

    /// The least and the largest momentum; 0.8 and 0.9 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::schedule::CyclicLr;
    /// let mut sgd = Sgd::new(1.0);
    /// let mut schedule = CyclicLr::new(0.5, 1.5, 1).momentum(0.5, 0.75).on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
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
    /// use tensor::schedule::CyclicLr;
    /// let mut sgd = Sgd::new(1.0).momentum(0.9);
    /// let mut schedule = CyclicLr::new(0.5, 1.5, 1).without_momentum().on(&mut sgd)?;
    /// schedule.step(&mut sgd)?;
    /// assert_eq!(sgd.rates(0)?.momentum, 0.9);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn without_momentum(mut self) -> Self {
        self.momentum = None;
        self
    }
}

impl Schedule for CyclicLr {
    fn rates(&self, at: At, now: Rates) -> Result<Rates> {
        let step = at.when.step() as f64;
        let (up, down) = (self.up as f64, self.down as f64);
        let total = up + down;
        let ratio = up / total;
        let cycle = (1.0 + step / total).floor();
        let x = 1.0 + step / total - cycle;
        let share = if x <= ratio {
            x / ratio
        } else {
            (x - 1.0) / (ratio - 1.0)
        };
        let scale = match self.mode {
            CyclicMode::Triangular => 1.0,
            CyclicMode::Triangular2 => 1.0 / 2f64.powf(cycle - 1.0),
            CyclicMode::ExpRange(gamma) => gamma.powf(step),
        };
        let (base, max) = (self.base_lr.get(at.group), self.max_lr.get(at.group));
        let lr = base + (max - base) * share * scale;
        let momentum = match &self.momentum {
            Some((base, max)) => {
                let (base, max) = (base.get(at.group), max.get(at.group));
                max - (max - base) * share * scale
            }
            None => now.momentum,
        };
        Ok(Rates { lr, momentum })
    }

    fn name(&self) -> String {
        "cyclic".into()
    }

    fn check(&self, groups: usize) -> Result<()> {
        self.base_lr.check("base_lr", groups)?;
        self.max_lr.check("max_lr", groups)?;
        if let Some((base, max)) = &self.momentum {
            base.check("base_momentum", groups)?;
            max.check("max_momentum", groups)?;
        }
        for (name, steps) in [("up", self.up), ("down", self.down)] {
            if steps == 0 {
                return Err(Error::argument(name, "a number of steps from 1 on", steps));
            }
        }
        match self.mode {
            CyclicMode::ExpRange(gamma) => finite("gamma", gamma),
            CyclicMode::Triangular | CyclicMode::Triangular2 => Ok(()),
        }
    }
}
