//! Adam and AdamW.

use crate::device::Moments;
use crate::error::{Error, Result};
use crate::kernels::optimizers::AdamRule;
use crate::optim::files::Form;
use crate::optim::groups::{Groups, Options, optimizer};
use crate::optim::state::{Slots, Update};
use crate::optim::{Rates, from_zero};

/// The options of Adam, and of AdamW, which is `DECOUPLED`.
#[derive(Clone, Copy, Debug)]
struct AdamOptions<const DECOUPLED: bool> {
    rule: AdamRule,
    amsgrad: bool,
}

impl<const DECOUPLED: bool> AdamOptions<DECOUPLED> {
    fn new(lr: f64, weight_decay: f64) -> Self {
        Self {
            rule: AdamRule {
                lr,
                beta1: 0.9,
                beta2: 0.999,
                eps: 1e-8,
                weight_decay,
                decoupled: DECOUPLED,
                maximize: false,
                step: 0,
            },
            amsgrad: false,
        }
    }
}

impl<const DECOUPLED: bool> Options for AdamOptions<DECOUPLED> {
    const FORM: Form = Form {
        kind: if DECOUPLED { "adamw" } else { "adam" },
        names: ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
    };

    fn check(&self) -> Result<()> {
        let rule = &self.rule;
        from_zero("lr", rule.lr)?;
        from_zero("eps", rule.eps)?;
        from_zero("weight_decay", rule.weight_decay)?;
        for beta in [rule.beta1, rule.beta2] {
            if !(0.0..1.0).contains(&beta) {
                return Err(Error::argument("betas", "two numbers from 0 and below 1", beta));
            }
        }
        Ok(())
    }

    fn slots(&self) -> Slots {
        [true, true, self.amsgrad]
    }

    fn apply(&self, update: &Update<'_>) -> Result<()> {
        let (Some(first), Some(second)) = (update.slot(0), update.slot(1)) else {
            unreachable!("`slots` above asks for both")
        };
        let moments = Moments {
            first,
            second,
            largest: if self.amsgrad { update.slot(2) } else { None },
        };
        let rule = AdamRule {
            step: update.step,
            ..self.rule
        };
        let backend = update.values.buffer.device().backend();
        backend.adam(update.values, update.gradients, moments, rule)
    }

    fn rates(&self) -> Rates {
        Rates {
            lr: self.rule.lr,
            momentum: self.rule.beta1,
        }
    }

    fn set_rates(&mut self, rates: Rates) {
        (self.rule.lr, self.rule.beta1) = (rates.lr, rates.momentum);
    }
}

macro_rules! adam {
    ($(#[$doc:meta])* $Name:ident, $decoupled:literal, $weight_decay:literal, $decay_doc:literal, $decayed:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Name {
            groups: Groups<AdamOptions<$decoupled>>,
        }

        impl $Name {
            /// PyTorch's defaults (betas 0.9 and 0.999, eps 1e-8) with this learning rate; PyTorch's is 1e-3.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![0.])?;
            /// x.sum().backward();
            #[doc = concat!(stringify!($Name), "::new(0.1).step(&mut x)?;")]
            /// tensor::testing::assert_close(&*x, &tensor![-0.1]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn new(lr: f64) -> Self {
                Self { groups: Groups::new(AdamOptions::new(lr, $weight_decay)) }
            }

            /// How much of the running means stays at each step: 0.9 and 0.999 at first.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![0.])?;
            #[doc = concat!("let mut optimizer = ", stringify!($Name), "::new(1.).weight_decay(0.).betas(0., 0.);")]
            /// for (gradient, expected) in [(2., -1.), (-4., 0.)] {
            ///     (&*x * gradient).sum().backward();
            ///     optimizer.step(&mut x)?; // What was is forgotten: a whole step, whatever the gradient.
            ///     tensor::testing::assert_close(&*x, &tensor![expected]);
            /// }
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
                let rule = &mut self.groups.rest_mut().rule;
                (rule.beta1, rule.beta2) = (beta1, beta2);
                self
            }

            /// Added to the root of the second moment: 1e-8 at first.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![0.])?;
            /// x.sum().backward();
            #[doc = concat!(stringify!($Name), "::new(0.1).eps(1.).step(&mut x)?; // 0.1 * 1 / (1 + 1)")]
            /// tensor::testing::assert_close(&*x, &tensor![-0.05]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn eps(mut self, eps: f64) -> Self {
                self.groups.rest_mut().rule.eps = eps;
                self
            }

            #[doc = $decay_doc]
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![1.])?;
            /// x.sum().backward();
            #[doc = concat!(stringify!($Name), "::new(1.).eps(1.).weight_decay(0.5).step(&mut x)?;")]
            #[doc = concat!("tensor::testing::assert_close(&*x, &tensor![", $decayed, "]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn weight_decay(mut self, weight_decay: f64) -> Self {
                self.groups.rest_mut().rule.weight_decay = weight_decay;
                self
            }

            /// Divides by the largest second moment so far. Reddi et al., *On the Convergence of Adam and Beyond*, 2018.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![0.])?;
            #[doc = concat!("let mut optimizer = ", stringify!($Name), "::new(1.).weight_decay(0.).betas(0., 0.).amsgrad();")]
            /// for (gradient, expected) in [(2., -1.), (1., -1.5)] {
            ///     (&*x * gradient).sum().backward();
            ///     optimizer.step(&mut x)?;
            ///     tensor::testing::assert_close(&*x, &tensor![expected]);
            /// }
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn amsgrad(mut self) -> Self {
                self.groups.rest_mut().amsgrad = true;
                self
            }

            /// Climbs instead of descending.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let mut x = Parameter::from_tensor(&tensor![0.])?;
            /// x.sum().backward();
            #[doc = concat!(stringify!($Name), "::new(0.1).maximize().step(&mut x)?;")]
            /// tensor::testing::assert_close(&*x, &tensor![0.1]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn maximize(mut self) -> Self {
                self.groups.rest_mut().rule.maximize = true;
                self
            }
        }

        optimizer!($Name);
    };
}

adam! {
    /// Adam, with PyTorch's update rule and defaults.
    ///
    /// ```text
    /// g = gradient + weight_decay * p
    /// m = beta1 * m + (1 - beta1) * g          v = beta2 * v + (1 - beta2) * g^2
    /// p = p - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
    /// ```
    ///
    /// Kingma, Ba, *Adam: A Method for Stochastic Optimization*, 2015.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let adam = Adam::new(1e-3).betas(0.9, 0.99);
    /// ```
    Adam, false, 0.0, "The L2 penalty, added to the gradient; 0 at first.", "0.4"
}

adam! {
    /// Adam whose weight decay acts on the parameters and not through the gradient, as PyTorch has it.
    ///
    /// ```text
    /// p = p - lr * weight_decay * p, then as Adam
    /// ```
    ///
    /// Loshchilov, Hutter, *Decoupled Weight Decay Regularization*, 2019.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let adamw = AdamW::new(1e-3).weight_decay(0.1);
    /// ```
    AdamW, true, 0.01, "The share of each parameter that goes at each step, times the learning rate; 0.01 at first.", "0."
}
