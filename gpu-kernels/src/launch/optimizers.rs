//! Launchers of the optimizers' update rules.

use super::{Gpu, family};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `optimizers.cu`.
    pub(crate) struct Optimizers from "optimizers" {
        sgd[f32, f64](fault: u64, rule: SgdFactors, values: u64, grads: u64, buffer: u64, n: u64);
        adam[f32, f64](
            fault: u64, rule: AdamFactors, values: u64, grads: u64, first: u64, second: u64, largest: u64, n: u64,
        );
    }
}

/// The constants of [`Gpu::sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// The learning rate.
    pub lr: f64,
    /// How much of the last step's direction remains.
    pub momentum: f64,
    /// How much of the gradient does not enter the momentum.
    pub dampening: f64,
    /// Whether the step looks ahead along the momentum (Nesterov).
    pub nesterov: bool,
    /// The factor of the parameter that is added to its gradient.
    pub weight_decay: f64,
    /// Whether the objective is climbed.
    pub maximize: bool,
}

/// The constants of [`Gpu::adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// The learning rate.
    pub lr: f64,
    /// The decay of the mean.
    pub beta1: f64,
    /// The decay of the mean square.
    pub beta2: f64,
    /// What is added to the root.
    pub eps: f64,
    /// The decay of the parameters.
    pub weight_decay: f64,
    /// Whether parameters decay by themselves (AdamW) rather than through the gradient.
    pub decoupled: bool,
    /// Whether the objective is climbed.
    pub maximize: bool,
    /// The number of this step; the first is 1.
    pub step: u64,
}

/// The struct `Sgd` of `optimizers.cu`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct SgdFactors {
    sign: f64,
    decay: f64,
    kept: f64,
    taken: f64,
    ahead: f64,
    step: f64,
    first: u32,
    nesterov: u32,
}

impl SgdFactors {
    fn new(rule: Sgd, first: bool) -> Self {
        // On the first step the buffer is the gradient, undamped.
        let (kept, taken) = if first {
            (0.0, 1.0)
        } else {
            (rule.momentum, 1.0 - rule.dampening)
        };
        Self {
            sign: if rule.maximize { -1.0 } else { 1.0 },
            decay: rule.weight_decay,
            kept,
            taken,
            ahead: rule.momentum,
            step: -rule.lr,
            first: first.into(),
            nesterov: rule.nesterov.into(),
        }
    }
}

/// The struct `Adam` of `optimizers.cu`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct AdamFactors {
    sign: f64,
    kept: f64,
    decay: f64,
    toward: f64,
    beta2: f64,
    rest2: f64,
    scale: f64,
    eps: f64,
    step: f64,
}

impl AdamFactors {
    fn new(rule: Adam) -> Self {
        let step = rule.step as f64;
        let (correction1, correction2) = (1.0 - rule.beta1.powf(step), 1.0 - rule.beta2.powf(step));
        let (kept, decay) = if rule.decoupled {
            (1.0 - rule.lr * rule.weight_decay, 0.0)
        } else {
            (1.0, rule.weight_decay)
        };
        Self {
            sign: if rule.maximize { -1.0 } else { 1.0 },
            kept,
            decay,
            toward: 1.0 - rule.beta1,
            beta2: rule.beta2,
            rest2: 1.0 - rule.beta2,
            scale: 1.0 / correction2.sqrt(),
            eps: rule.eps,
            step: -(rule.lr / correction1),
        }
    }
}

impl Gpu {
    /// One step of stochastic gradient descent: `g = grad + weight_decay * p`, `buffer = momentum * buffer + (1 - dampening) * g` (on
    /// the `first` step `buffer = g`), `p = p - lr * buffer`, or with Nesterov `p - lr * (g + momentum * buffer)`; without a buffer
    /// `p - lr * g`. Nothing is done while a fault stands that no one has read.
    ///
    /// # Safety
    /// The pointers are of `n` elements of this device's memory each, which lie apart.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn sgd<T: Float>(
        &self,
        values: Ptr<T>,
        grads: Ptr<T>,
        momentum: Option<Ptr<T>>,
        first: bool,
        rule: Sgd,
        n: usize,
    ) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let (at, fault, rule) = (self.over(n)?, self.fault(), SgdFactors::new(rule, first));
        let (values, grads, buffer) = (values.address(), grads.address(), momentum.map_or(0, Ptr::address));
        let optimizers = &self.kernels.optimizers;
        // SAFETY: the caller's promise.
        unsafe { optimizers.sgd(T::INDEX, at, fault, rule, values, grads, buffer, n as u64) }
    }

    /// One step of Adam: `m = m + (1 - beta1) (g - m)`, `v = beta2 v + (1 - beta2) g^2`,
    /// `p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)`. `first` is `m`, `second` is `v`; `largest`, where
    /// given, holds the largest `v` so far, which then takes its place (AMSGrad). Nothing is done while a fault stands that no one has
    /// read.
    ///
    /// # Safety
    /// As [`Gpu::sgd`].
    ///
    /// # Errors
    /// The device is lost.
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn adam<T: Float>(
        &self,
        values: Ptr<T>,
        grads: Ptr<T>,
        first: Ptr<T>,
        second: Ptr<T>,
        largest: Option<Ptr<T>>,
        rule: Adam,
        n: usize,
    ) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let (at, fault, rule) = (self.over(n)?, self.fault(), AdamFactors::new(rule));
        let [values, grads, first, second] = [values, grads, first, second].map(Ptr::address);
        let (largest, n) = (largest.map_or(0, Ptr::address), n as u64);
        let optimizers = &self.kernels.optimizers;
        // SAFETY: the caller's promise.
        unsafe { optimizers.adam(T::INDEX, at, fault, rule, values, grads, first, second, largest, n) }
    }
}
