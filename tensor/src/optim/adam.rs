//! Adam and AdamW.

use std::path::Path;

use crate::device::Moments;
use crate::error::{Error, Result};
use crate::kernels::optimizers::AdamRule;
use crate::nn::Trainable;
use crate::optim::files::Form;
use crate::optim::{Optimizer, State, from_zero};

fn form(kind: &'static str, amsgrad: bool) -> Form {
    Form {
        kind,
        slots: [true, true, amsgrad],
        names: ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
    }
}

macro_rules! adam {
    ($(#[$doc:meta])* $Name:ident, $kind:literal, $decoupled:literal, $weight_decay:literal, $decay_doc:literal, $decayed:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $Name {
            rule: AdamRule,
            amsgrad: bool,
            state: State,
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
                Self {
                    rule: AdamRule {
                        lr,
                        beta1: 0.9,
                        beta2: 0.999,
                        eps: 1e-8,
                        weight_decay: $weight_decay,
                        decoupled: $decoupled,
                        maximize: false,
                        step: 0,
                    },
                    amsgrad: false,
                    state: State::default(),
                }
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
                (self.rule.beta1, self.rule.beta2) = (beta1, beta2);
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
                self.rule.eps = eps;
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
                self.rule.weight_decay = weight_decay;
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
                self.amsgrad = true;
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
                self.rule.maximize = true;
                self
            }
        }

        impl Optimizer for $Name {
            fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()> {
                step(self.rule, self.amsgrad, &mut self.state, model)
            }

            fn lr(&self) -> f64 {
                self.rule.lr
            }

            fn set_lr(&mut self, lr: f64) {
                self.rule.lr = lr;
            }

            fn save<M: Trainable>(&self, model: &M, path: impl AsRef<Path>) -> Result<()> {
                self.state.save(model, path.as_ref(), &form($kind, self.amsgrad))
            }

            fn load<M: Trainable>(&mut self, model: &M, path: impl AsRef<Path>) -> Result<()> {
                self.state.load(model, path.as_ref(), &form($kind, self.amsgrad))
            }
        }
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
    Adam, "adam", false, 0.0, "The L2 penalty, added to the gradient; 0 at first.", "0.4"
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
    AdamW, "adamw", true, 0.01, "The share of each parameter that goes at each step, times the learning rate; 0.01 at first.", "0."
}

/// Whether the options make sense.
fn check(rule: &AdamRule) -> Result<()> {
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

fn step(rule: AdamRule, amsgrad: bool, state: &mut State, model: &impl Trainable) -> Result<()> {
    check(&rule)?;
    state.update(model, [true, true, amsgrad], |update| {
        let (Some(first), Some(second)) = (update.slot(0), update.slot(1)) else {
            unreachable!("both are asked for in the line above")
        };
        let moments = Moments {
            first,
            second,
            largest: if amsgrad { update.slot(2) } else { None },
        };
        let rule = AdamRule {
            step: update.step,
            ..rule
        };
        let backend = update.values.buffer.device().backend();
        backend.adam(update.values, update.gradients, moments, rule)
    })
}
