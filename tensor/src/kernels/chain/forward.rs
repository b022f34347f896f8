//! One operation on one block.

use tensor_ops::Unary;

use crate::kernels::Real;
use crate::kernels::math;
use crate::kernels::simd::{Tier, tiered};
use crate::random::Stream;

/// `sqrt(2 / pi)`, of the tanh form of GELU.
pub(super) const GELU_SCALE: f64 = 0.797_884_560_802_865_4;
/// The cubic term of the tanh form of GELU.
pub(super) const GELU_CUBIC: f64 = 0.044_715;

#[inline(always)]
fn each<T: Real>(x: &mut [T], f: impl Fn(T) -> T) {
    for x in x {
        *x = f(*x);
    }
}

tiered! {
    /// `x = op(x)`. Dropout is the identity here: see [`mask`].
    pub(super) fn map<S, T>(op: Unary, x: &mut [T]) {
        let real = T::from_f64;
        match op {
            Unary::Relu => each(x, |x| if x < T::ZERO { T::ZERO } else { x }),
            Unary::LeakyRelu { slope } => {
                let slope = real(slope);
                each(x, |x| if x > T::ZERO { x } else { x * slope });
            }
            Unary::Tanh => each(x, |x| x.tanh::<S>()),
            Unary::Sigmoid => each(x, math::sigmoid::<S, T>),
            Unary::Gelu => each(x, |x| x * math::normal_cumulative::<S, T>(x)),
            Unary::GeluTanh => each(x, |x| {
                let half = real(0.5) * x;
                S::mul_add(half, gelu_angle::<S, T>(x).tanh::<S>(), half)
            }),
            Unary::Silu => each(x, |x| x / (T::ONE + (-x).exp::<S>())),
            Unary::Elu { alpha } => {
                let alpha = real(alpha);
                each(x, |x| {
                    // Where x is positive the exponential is not used, and may not overflow.
                    let below = alpha * (if x > T::ZERO { T::ZERO } else { x }).exp_m1::<S>();
                    if x > T::ZERO { x } else { below }
                });
            }
            Unary::Softplus { beta, threshold } => {
                let (beta, scale, threshold) = (real(beta), real(1.0 / beta), real(threshold));
                each(x, |x| {
                    let scaled = x * beta;
                    let soft = math::ln_1p::<S, T>(scaled.exp::<S>()) * scale;
                    if scaled > threshold { x } else { soft }
                });
            }
            Unary::Neg => each(x, |x| -x),
            Unary::Abs => each(x, T::abs),
            Unary::Square => each(x, |x| x * x),
            Unary::Sqrt => each(x, T::sqrt),
            Unary::Recip => each(x, |x| T::ONE / x),
            Unary::Exp => each(x, |x| x.exp::<S>()),
            Unary::Log => each(x, |x| x.ln::<S>()),
            Unary::Sin => each(x, T::sin),
            Unary::Cos => each(x, T::cos),
            Unary::Erf => each(x, |x| x.erf::<S>()),
            Unary::Sign => each(x, sign),
            Unary::Affine { scale, shift } => {
                let (scale, shift) = (real(scale), real(shift));
                // Adding 0 would lose the sign of -0.
                if shift == T::ZERO {
                    each(x, |x| x * scale);
                } else {
                    each(x, |x| S::mul_add(x, scale, shift));
                }
            }
            Unary::Powf { exponent } => power(exponent, x),
            Unary::Dropout { .. } => {}
        }
    }
}

/// -1, 0 or 1; of NaN 0.
#[inline(always)]
pub(super) fn sign<T: Real>(x: T) -> T {
    let above = if x > T::ZERO { T::ONE } else { T::ZERO };
    if x < T::ZERO { -T::ONE } else { above }
}

/// The argument of the tanh form's tanh.
#[inline(always)]
pub(super) fn gelu_angle<S: Tier, T: Real>(x: T) -> T {
    let cubic = S::mul_add(x * x * x, T::from_f64(GELU_CUBIC), x);
    T::from_f64(GELU_SCALE) * cubic
}

/// `x` to a fixed power; the common ones without logarithms.
#[inline(always)]
pub(super) fn power<T: Real>(exponent: f64, x: &mut [T]) {
    if exponent == 0.0 {
        each(x, |_| T::ONE);
    } else if exponent == 1.0 {
    } else if exponent == 2.0 {
        each(x, |x| x * x);
    } else if exponent == 3.0 {
        each(x, |x| x * x * x);
    } else if exponent == 0.5 {
        each(x, T::sqrt);
    } else if exponent == -1.0 {
        each(x, |x| T::ONE / x);
    } else {
        let exponent = T::from_f64(exponent);
        each(x, |x| x.powf(exponent));
    }
}

tiered! {
    /// `x = x * scale` where the stream's word is at least `threshold`, else 0.
    pub(super) fn mask<S, T>(threshold: u32, scale: T, stream: Stream, first_index: usize, x: &mut [T]) {
        stream.words(first_index as u64, x.len(), |position, words| {
            let x = &mut x[position..position + words.len()];
            for (x, &word) in x.iter_mut().zip(words) {
                *x = if word >= threshold { *x * scale } else { T::ZERO };
            }
        });
    }
}
