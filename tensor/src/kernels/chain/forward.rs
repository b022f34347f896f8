//! One operation on one block.

use tensor_ops::Unary;

use crate::kernels::Real;
use crate::kernels::math;
use crate::kernels::random::Stream;
use crate::kernels::simd::{Tier, tiered};

/// `sqrt(2 / pi)`, of the tanh form of GELU.
pub(super) const GELU_SCALE: f64 = 0.797_884_560_802_865_4;
/// The cubic term of the tanh form of GELU.
pub(super) const GELU_CUBIC: f64 = 0.044_715;

/// Where a function's arguments come from and its values go.
trait Elements<T> {
    fn each(self, f: impl Fn(T) -> T);
}

struct InPlace<'a, T>(&'a mut [T]);

impl<T: Real> Elements<T> for InPlace<'_, T> {
    #[inline(always)]
    fn each(self, f: impl Fn(T) -> T) {
        for x in self.0 {
            *x = f(*x);
        }
    }
}

struct Between<'a, T> {
    x: &'a [T],
    out: &'a mut [T],
}

impl<T: Real> Elements<T> for Between<'_, T> {
    #[inline(always)]
    fn each(self, f: impl Fn(T) -> T) {
        for (out, &x) in self.out.iter_mut().zip(self.x) {
            *out = f(x);
        }
    }
}

tiered! {
    /// `x = op(x)`. Dropout is the identity here: see [`mask`].
    pub(super) fn map<S, T>(op: Unary, x: &mut [T]) {
        operation::<S, T>(op, InPlace(x));
    }
}

tiered! {
    /// `out = op(x)`. Dropout is the identity here: see [`mask`].
    pub(super) fn map_between<S, T>(op: Unary, x: &[T], out: &mut [T]) {
        operation::<S, T>(op, Between { x, out });
    }
}

#[inline(always)]
fn operation<S: Tier, T: Real>(op: Unary, elements: impl Elements<T>) {
    let real = T::from_f64;
    match op {
        Unary::Relu => elements.each(|x| if x < T::ZERO { T::ZERO } else { x }),
        Unary::LeakyRelu { slope } => {
            let slope = real(slope);
            elements.each(|x| if x > T::ZERO { x } else { x * slope });
        }
        Unary::Tanh => elements.each(|x| x.tanh::<S>()),
        Unary::Sigmoid => elements.each(math::sigmoid::<S, T>),
        Unary::Gelu => elements.each(|x| x * math::normal_cumulative::<S, T>(x)),
        // (1 + tanh(a)) / 2 is the sigmoid of 2 a.
        Unary::GeluTanh => elements.each(|x| {
            let angle = gelu_angle::<S, T>(x);
            x * math::sigmoid::<S, T>(angle + angle)
        }),
        Unary::Silu => elements.each(|x| x * math::sigmoid::<S, T>(x)),
        Unary::Elu { alpha } => {
            let alpha = real(alpha);
            elements.each(|x| {
                // Where x is positive the exponential is not used, and may not overflow.
                let below = alpha * (if x > T::ZERO { T::ZERO } else { x }).exp_m1::<S>();
                if x > T::ZERO { x } else { below }
            });
        }
        Unary::Softplus { beta, threshold } => {
            let (beta, scale, threshold) = (real(beta), real(1.0 / beta), real(threshold));
            elements.each(|x| {
                let scaled = x * beta;
                let soft = math::ln_1p::<S, T>(scaled.exp::<S>()) * scale;
                if scaled > threshold { x } else { soft }
            });
        }
        Unary::Neg => elements.each(|x| -x),
        Unary::Abs => elements.each(T::abs),
        Unary::Square => elements.each(|x| x * x),
        Unary::Sqrt => elements.each(T::sqrt),
        Unary::Recip => elements.each(|x| T::ONE / x),
        Unary::Exp => elements.each(|x| x.exp::<S>()),
        Unary::Log => elements.each(|x| x.ln::<S>()),
        Unary::Sin => elements.each(T::sin),
        Unary::Cos => elements.each(T::cos),
        Unary::Erf => elements.each(|x| x.erf::<S>()),
        Unary::Sign => elements.each(sign),
        Unary::Affine { scale, shift } => {
            let (scale, shift) = (real(scale), real(shift));
            // Adding 0 would lose the sign of -0.
            if shift == T::ZERO {
                elements.each(|x| x * scale);
            } else {
                elements.each(|x| S::mul_add(x, scale, shift));
            }
        }
        Unary::Powf { exponent } => power(exponent, elements),
        Unary::Dropout { .. } => elements.each(|x| x),
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
fn power<T: Real>(exponent: f64, elements: impl Elements<T>) {
    if exponent == 0.0 {
        elements.each(|_| T::ONE);
    } else if exponent == 1.0 {
        elements.each(|x| x);
    } else if exponent == 2.0 {
        elements.each(|x| x * x);
    } else if exponent == 3.0 {
        elements.each(|x| x * x * x);
    } else if exponent == 0.5 {
        elements.each(T::sqrt);
    } else if exponent == -1.0 {
        elements.each(|x| T::ONE / x);
    } else {
        let exponent = T::from_f64(exponent);
        elements.each(|x| x.powf(exponent));
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
