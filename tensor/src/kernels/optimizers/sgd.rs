//! Stochastic gradient descent, with momentum.

use super::{PIECE, settled};
use crate::kernels::Real;
use crate::kernels::simd::{Tier, tiered};
use crate::threads::{Shared, parallel_pieces};

/// The constants of [`sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdRule {
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

/// One step: `g = grad + weight_decay * p`, `buffer = momentum * buffer + (1 - dampening) * g` (on the `first` step `buffer = g`),
/// `p = p - lr * buffer`, or with Nesterov `p - lr * (g + momentum * buffer)`; without a buffer `p - lr * g`.
///
/// # Panics
/// If lengths differ.
pub fn sgd<T: Real>(parameters: &mut [T], grads: &[T], momentum_buffer: Option<&mut [T]>, first: bool, rule: SgdRule) {
    assert_eq!(parameters.len(), grads.len());
    assert!(
        momentum_buffer
            .as_ref()
            .is_none_or(|buffer| buffer.len() == grads.len())
    );
    let (parameters, buffer) = (Shared::new(parameters), momentum_buffer.map(Shared::new));
    parallel_pieces(grads.len(), PIECE, |start, length| {
        // SAFETY: pieces are disjoint.
        let (parameters, buffer) = unsafe {
            (
                parameters.part(start, length),
                buffer.as_ref().map(|buffer| buffer.part(start, length)),
            )
        };
        let grads = &grads[start..start + length];
        match buffer {
            None => plain(parameters, grads, rule),
            Some(buffer) => with_momentum(parameters, grads, buffer, first, rule),
        }
    });
}

/// The gradient with its sign and the weight decay.
#[inline(always)]
fn decayed<S: Tier, T: Real>(grad: T, parameter: T, sign: T, decay: T) -> T {
    S::mul_add(decay, parameter, sign * grad)
}

#[inline(always)]
fn sign<T: Real>(rule: SgdRule) -> T {
    if rule.maximize { -T::ONE } else { T::ONE }
}

tiered! {
    fn plain<S, T>(parameters: &mut [T], grads: &[T], rule: SgdRule) {
        let (sign, decay, step) = (sign::<T>(rule), T::from_f64(rule.weight_decay), T::from_f64(-rule.lr));
        for (parameter, &grad) in parameters.iter_mut().zip(grads) {
            *parameter = S::mul_add(step, decayed::<S, T>(grad, *parameter, sign, decay), *parameter);
        }
    }
}

tiered! {
    fn with_momentum<S, T>(parameters: &mut [T], grads: &[T], buffer: &mut [T], first: bool, rule: SgdRule) {
        let (sign, decay, step) = (sign::<T>(rule), T::from_f64(rule.weight_decay), T::from_f64(-rule.lr));
        let momentum = T::from_f64(rule.momentum);
        // On the first step the buffer is the gradient, undamped.
        let (kept, taken) = if first { (T::ZERO, T::ONE) } else { (momentum, T::from_f64(1.0 - rule.dampening)) };
        let ahead = if rule.nesterov { momentum } else { T::ZERO };
        for ((parameter, &grad), buffer) in parameters.iter_mut().zip(grads).zip(buffer) {
            let grad = decayed::<S, T>(grad, *parameter, sign, decay);
            // What a fresh buffer holds does not count, not even NaN.
            let before = if first { T::ZERO } else { *buffer };
            let velocity = settled(S::mul_add(before, kept, taken * grad), T::MIN_POSITIVE);
            *buffer = velocity;
            let direction = if rule.nesterov { S::mul_add(ahead, velocity, grad) } else { velocity };
            *parameter = S::mul_add(step, direction, *parameter);
        }
    }
}
