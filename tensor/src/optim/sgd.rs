//! Stochastic gradient descent.

use std::path::Path;

use crate::error::{Error, Result};
use crate::kernels::optimizers::SgdRule;
use crate::nn::Trainable;
use crate::optim::files::Form;
use crate::optim::{Optimizer, State, from_zero};

/// Stochastic gradient descent, with PyTorch's update rule and defaults.
///
/// ```text
/// g = gradient + weight_decay * p
/// b = momentum * b + (1 - dampening) * g      (the first time: b = g)
/// p = p - lr * (b, or g + momentum * b with nesterov, or g without momentum)
/// ```
///
/// Sutskever et al., *On the importance of initialization and momentum in deep learning*, 2013.
///
/// ```
/// use tensor::prelude::*;
/// let sgd = Sgd::new(0.1).momentum(0.9).weight_decay(1e-4);
/// ```
#[derive(Debug)]
pub struct Sgd {
    rule: SgdRule,
    state: State,
}

impl Sgd {
    /// Plain descent with this learning rate.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1., 2.])?;
    /// (&*x * &*x).sum().backward(); // The gradient is 2 x.
    /// Sgd::new(0.25).step(&mut x)?;
    /// assert_eq!(*x, tensor![0.5, 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(lr: f64) -> Self {
        Self {
            rule: SgdRule {
                lr,
                momentum: 0.0,
                dampening: 0.0,
                nesterov: false,
                weight_decay: 0.0,
                maximize: false,
            },
            state: State::default(),
        }
    }

    /// How much of the last direction stays; 0 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![0.])?;
    /// let mut sgd = Sgd::new(1.).momentum(0.5);
    /// for expected in [-1., -2.5, -4.25] {
    ///     x.sum().backward();
    ///     sgd.step(&mut x)?;
    ///     assert_eq!(*x, tensor![expected]);
    /// }
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.rule.momentum = momentum;
        self
    }

    /// How much of the gradient is kept out of the direction; 0 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![0.])?;
    /// let mut sgd = Sgd::new(1.).momentum(0.5).dampening(0.5);
    /// for expected in [-1., -2., -3.] {
    ///     x.sum().backward();
    ///     sgd.step(&mut x)?;
    ///     assert_eq!(*x, tensor![expected]);
    /// }
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn dampening(mut self, dampening: f64) -> Self {
        self.rule.dampening = dampening;
        self
    }

    /// Nesterov's momentum, which looks ahead. It wants a momentum and no dampening.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![0.])?;
    /// let mut sgd = Sgd::new(1.).momentum(0.5).nesterov();
    /// for expected in [-1.5, -3.25] {
    ///     x.sum().backward();
    ///     sgd.step(&mut x)?;
    ///     assert_eq!(*x, tensor![expected]);
    /// }
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nesterov(mut self) -> Self {
        self.rule.nesterov = true;
        self
    }

    /// The L2 penalty; 0 at first.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![4.])?;
    /// x.sum().backward();
    /// Sgd::new(1.).weight_decay(0.5).step(&mut x)?; // 4 - (1 + 0.5 * 4)
    /// assert_eq!(*x, tensor![1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.rule.weight_decay = weight_decay;
        self
    }

    /// Climbs instead of descending.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![4.])?;
    /// x.sum().backward();
    /// Sgd::new(1.).maximize().step(&mut x)?;
    /// assert_eq!(*x, tensor![5.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn maximize(mut self) -> Self {
        self.rule.maximize = true;
        self
    }
}

impl Sgd {
    /// Whether the options make sense.
    fn check(&self) -> Result<()> {
        let rule = &self.rule;
        from_zero("lr", rule.lr)?;
        from_zero("momentum", rule.momentum)?;
        from_zero("weight_decay", rule.weight_decay)?;
        if rule.nesterov && (rule.momentum <= 0.0 || rule.dampening != 0.0) {
            return Err(Error::argument(
                "nesterov",
                "a momentum above 0 and a dampening of 0",
                format!("momentum {} and dampening {}", rule.momentum, rule.dampening),
            ));
        }
        Ok(())
    }

    fn form(&self) -> Form {
        Form {
            kind: "sgd",
            slots: [self.rule.momentum != 0.0, false, false],
            names: ["momentum_buffer", "", ""],
        }
    }
}

impl Optimizer for Sgd {
    fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()> {
        self.check()?;
        let rule = self.rule;
        let slots = self.form().slots;
        self.state.update(model, slots, |update| {
            let momentum = if slots[0] { update.slot(0) } else { None };
            let backend = update.values.buffer.device().backend();
            backend.sgd(update.values, update.gradients, momentum, update.step == 1, rule)
        })
    }

    fn lr(&self) -> f64 {
        self.rule.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.rule.lr = lr;
    }

    fn save<M: Trainable>(&self, model: &M, path: impl AsRef<Path>) -> Result<()> {
        self.state.save(model, path.as_ref(), &self.form())
    }

    fn load<M: Trainable>(&mut self, model: &M, path: impl AsRef<Path>) -> Result<()> {
        let form = self.form();
        self.state.load(model, path.as_ref(), &form)
    }
}
