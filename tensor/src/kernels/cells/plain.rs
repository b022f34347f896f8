//! The step of a plain recurrent layer: one gate, which is the state.

use crate::kernels::Real;
use crate::kernels::simd::tiered;

tiered! {
    /// `out = tanh(input + hidden)`.
    pub(super) fn tanh<S, T>(input: &[T], hidden: &[T], out: &mut [T]) {
        for ((out, &a), &b) in out.iter_mut().zip(input).zip(hidden) {
            *out = (a + b).tanh::<S>();
        }
    }
}

tiered! {
    /// `out = max(input + hidden, 0)`.
    pub(super) fn relu<S, T>(input: &[T], hidden: &[T], out: &mut [T]) {
        for ((out, &a), &b) in out.iter_mut().zip(input).zip(hidden) {
            let sum = a + b;
            *out = if sum <= T::ZERO { T::ZERO } else { sum };
        }
    }
}

/// The gradient of the gate from that of the state `y`.
#[inline(always)]
fn through<T: Real>(y: &[T], d_out: &[T], d_next: Option<&[T]>, d_gate: &mut [T], slope: impl Fn(T, T) -> T) {
    match d_next {
        Some(d_next) => {
            for (((to, &y), &d), &more) in d_gate.iter_mut().zip(y).zip(d_out).zip(d_next) {
                *to = slope(y, d + more);
            }
        }
        None => {
            for ((to, &y), &d) in d_gate.iter_mut().zip(y).zip(d_out) {
                *to = slope(y, d);
            }
        }
    }
}

tiered! {
    /// `d_gate = (d_out + d_next) (1 - y^2)`.
    pub(super) fn tanh_backward<S, T>(y: &[T], d_out: &[T], d_next: Option<&[T]>, d_gate: &mut [T]) {
        through(y, d_out, d_next, d_gate, |y, d| d * (T::ONE - y * y));
    }
}

tiered! {
    /// `d_gate = d_out + d_next` where `y > 0`, and 0 elsewhere.
    pub(super) fn relu_backward<S, T>(y: &[T], d_out: &[T], d_next: Option<&[T]>, d_gate: &mut [T]) {
        through(y, d_out, d_next, d_gate, |y, d| if y > T::ZERO { d } else { T::ZERO });
    }
}
