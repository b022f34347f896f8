//! Adam (Kingma and Ba, 2015), AMSGrad (Reddi, Kale and Kumar, 2018) and AdamW (Loshchilov and Hutter, 2019).

use super::{PIECE, settled};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// The constants of [`adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamRule {
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

/// The rule's factors in the numbers it is applied to.
#[derive(Clone, Copy)]
struct Factors<T> {
    sign: T,
    /// What remains of a parameter before the step.
    kept: T,
    /// What of a parameter is added to its gradient.
    decay: T,
    toward: T,
    beta2: T,
    rest2: T,
    /// The inverse of the square root of what corrects `v`: a product is faster than a quotient.
    scale: T,
    eps: T,
    /// Below this `v` is 0; without an `eps` beside its root it never is.
    floor: T,
    step: T,
}

impl<T: Real> Factors<T> {
    fn new(rule: AdamRule) -> Self {
        let step = rule.step as f64;
        let (correction1, correction2) = (1.0 - rule.beta1.powf(step), 1.0 - rule.beta2.powf(step));
        let real = T::from_f64;
        Self {
            sign: if rule.maximize { -T::ONE } else { T::ONE },
            kept: if rule.decoupled {
                real(1.0 - rule.lr * rule.weight_decay)
            } else {
                T::ONE
            },
            decay: if rule.decoupled {
                T::ZERO
            } else {
                real(rule.weight_decay)
            },
            toward: real(1.0 - rule.beta1),
            beta2: real(rule.beta2),
            rest2: real(1.0 - rule.beta2),
            scale: real(1.0 / correction2.sqrt()),
            eps: real(rule.eps),
            floor: if rule.eps > 0.0 { T::MIN_POSITIVE } else { T::ZERO },
            step: real(-(rule.lr / correction1)),
        }
    }
}

/// One step: `m = m + (1 - beta1) (g - m)`, `v = beta2 v + (1 - beta2) g^2`,
/// `p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)`.
///
/// `largest_v`, where given, holds the largest `v` so far, which then takes the place of `v` (AMSGrad).
///
/// # Panics
/// If lengths differ.
pub fn adam<T: Real>(
    parameters: &mut [T],
    grads: &[T],
    m: &mut [T],
    v: &mut [T],
    largest_v: Option<&mut [T]>,
    rule: AdamRule,
) {
    let length = grads.len();
    assert_eq!((parameters.len(), m.len(), v.len()), (length, length, length));
    assert!(largest_v.as_ref().is_none_or(|largest| largest.len() == length));
    let factors = Factors::<T>::new(rule);
    let (parameters, m, v) = (Shared::new(parameters), Shared::new(m), Shared::new(v));
    let largest_v = largest_v.map(Shared::new);
    parallel_pieces(length, PIECE, |start, length| {
        // SAFETY: pieces are disjoint.
        let (parameters, m, v, largest_v) = unsafe {
            let largest_v = largest_v.as_ref().map(|largest| largest.part(start, length));
            (
                parameters.part(start, length),
                m.part(start, length),
                v.part(start, length),
                largest_v,
            )
        };
        let grads = &grads[start..start + length];
        match largest_v {
            None => plain(parameters, grads, m, v, factors),
            Some(largest_v) => with_largest(parameters, grads, m, v, largest_v, factors),
        }
    });
}

tiered! {
    fn plain<S, T>(parameters: &mut [T], grads: &[T], m: &mut [T], v: &mut [T], f: Factors<T>) {
        for (((parameter, &grad), m), v) in parameters.iter_mut().zip(grads).zip(m).zip(v) {
            let before = *parameter * f.kept;
            let grad = S::mul_add(f.decay, *parameter, f.sign * grad);
            *m = settled(S::mul_add(f.toward, grad - *m, *m), T::MIN_POSITIVE);
            *v = settled(S::mul_add(f.rest2 * grad, grad, *v * f.beta2), f.floor);
            let root = S::mul_add(v.sqrt(), f.scale, f.eps);
            *parameter = before + f.step * *m / root;
        }
    }
}

tiered! {
    fn with_largest<S, T>(
        parameters: &mut [T],
        grads: &[T],
        m: &mut [T],
        v: &mut [T],
        largest_v: &mut [T],
        f: Factors<T>,
    ) {
        let rows = parameters.iter_mut().zip(grads).zip(m).zip(v).zip(largest_v);
        for ((((parameter, &grad), m), v), largest) in rows {
            let before = *parameter * f.kept;
            let grad = S::mul_add(f.decay, *parameter, f.sign * grad);
            *m = settled(S::mul_add(f.toward, grad - *m, *m), T::MIN_POSITIVE);
            *v = settled(S::mul_add(f.rest2 * grad, grad, *v * f.beta2), f.floor);
            *largest = largest.larger(*v);
            let root = S::mul_add(largest.sqrt(), f.scale, f.eps);
            *parameter = before + f.step * *m / root;
        }
    }
}
