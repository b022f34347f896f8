//! Rules of kernels as `gpu-kernels` has them, which knows nothing of this crate.

use gpu_kernels::{Adam, Extreme as GpuExtreme, Sgd};

use crate::kernels::optimizers::{AdamRule, SgdRule};
use crate::kernels::reduce::Extreme;

pub(super) fn extreme(which: Extreme) -> GpuExtreme {
    match which {
        Extreme::Max => GpuExtreme::Max,
        Extreme::Min => GpuExtreme::Min,
    }
}

pub(super) fn sgd(rule: SgdRule) -> Sgd {
    Sgd {
        lr: rule.lr,
        momentum: rule.momentum,
        dampening: rule.dampening,
        nesterov: rule.nesterov,
        weight_decay: rule.weight_decay,
        maximize: rule.maximize,
    }
}

pub(super) fn adam(rule: AdamRule) -> Adam {
    Adam {
        lr: rule.lr,
        beta1: rule.beta1,
        beta2: rule.beta2,
        eps: rule.eps,
        weight_decay: rule.weight_decay,
        decoupled: rule.decoupled,
        maximize: rule.maximize,
        step: rule.step,
    }
}
