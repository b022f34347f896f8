//! Stochastic gradient descent.

use crate::error::{Error, Result};
use crate::kernels::optimizers::SgdRule;
use crate::optim::files::Form;
use crate::optim::groups::{Groups, Options, optimizer};
use crate::optim::state::{Slots, Update};
use crate::optim::{Rates, from_zero};

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
    groups: Groups<SgdRule>,
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
            groups: Groups::new(SgdRule {
                lr,
                momentum: 0.0,
                dampening: 0.0,
                nesterov: false,
                weight_decay: 0.0,
                maximize: false,
            }),
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
        self.groups.rest_mut().momentum = momentum;
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
        self.groups.rest_mut().dampening = dampening;
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
        self.groups.rest_mut().nesterov = true;
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
        self.groups.rest_mut().weight_decay = weight_decay;
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
        self.groups.rest_mut().maximize = true;
        self
    }
}

optimizer!(Sgd);

impl Options for SgdRule {
    const FORM: Form = Form {
        kind: "sgd",
        names: ["momentum_buffer", "", ""],
    };

    fn check(&self) -> Result<()> {
        from_zero("lr", self.lr)?;
        from_zero("momentum", self.momentum)?;
        from_zero("weight_decay", self.weight_decay)?;
        if self.nesterov && (self.momentum <= 0.0 || self.dampening != 0.0) {
            return Err(Error::argument(
                "nesterov",
                "a momentum above 0 and a dampening of 0",
                format!("momentum {} and dampening {}", self.momentum, self.dampening),
            ));
        }
        Ok(())
    }

    fn slots(&self) -> Slots {
        [self.momentum != 0.0, false, false]
    }

    fn apply(&self, update: &Update<'_>) -> Result<()> {
        let momentum = if self.momentum == 0.0 { None } else { update.slot(0) };
        let backend = update.values.buffer.device().backend();
        backend.sgd(update.values, update.gradients, momentum, update.step == 1, *self)
    }

    fn rates(&self) -> Rates {
        Rates {
            lr: self.lr,
            momentum: self.momentum,
        }
    }

    fn set_rates(&mut self, rates: Rates) {
        (self.lr, self.momentum) = (rates.lr, rates.momentum);
    }
}
