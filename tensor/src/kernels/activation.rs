//! Activations that join no chain of elementwise operations, and their gradients: as `tensor_ops` has them, in the element type.

use tensor_ops::primitive::Activation;

use crate::kernels::Real;
use crate::kernels::simd::{Tier, tiered};
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;

/// `out = f(x)`.
///
/// # Panics
/// If the slices have different lengths.
pub fn values<T: Real>(activation: &Activation, x: &[T], out: &mut [T]) {
    assert_eq!(x.len(), out.len());
    let out = Shared::new(out);
    parallel_pieces(x.len(), PIECE, |first, count| {
        // SAFETY: pieces are disjoint.
        let out = unsafe { out.part(first, count) };
        value(*activation, &x[first..][..count], out);
    });
}

/// `d_x = d f'(x)`.
///
/// # Panics
/// If the slices have different lengths.
pub fn gradients<T: Real>(activation: &Activation, x: &[T], d: &[T], d_x: &mut [T]) {
    assert_eq!((x.len(), d.len()), (d_x.len(), d_x.len()));
    let d_x = Shared::new(d_x);
    parallel_pieces(x.len(), PIECE, |first, count| {
        // SAFETY: pieces are disjoint.
        let d_x = unsafe { d_x.part(first, count) };
        slope(*activation, &x[first..][..count], &d[first..][..count], d_x);
    });
}

/// `out = f(x)` of each, or with `d`, `out = d f(x)`.
#[inline(always)]
fn each<T: Real>(x: &[T], d: Option<&[T]>, out: &mut [T], f: impl Fn(T) -> T) {
    match d {
        None => out.iter_mut().zip(x).for_each(|(out, &x)| *out = f(x)),
        Some(d) => out
            .iter_mut()
            .zip(x.iter().zip(d))
            .for_each(|(out, (&x, &d))| *out = d * f(x)),
    }
}

fn number<T: Real>(number: f64) -> T {
    T::from_f64(number)
}

/// `x` held between two numbers; NaN stays.
#[inline(always)]
fn held<T: Real>(x: T, low: T, high: T) -> T {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// `exp(x) - 1` for `x` of at most 0, and for others that of 0.
#[inline(always)]
fn below<S: Tier, T: Real>(x: T) -> T {
    if x > T::ZERO { T::ZERO } else { x }.exp_m1::<S>()
}

/// `tanh(log(1 + exp(x)))`: with `e = exp(x)`, `e (e + 2) / (e (e + 2) + 2)`.
#[inline(always)]
fn tanh_softplus<S: Tier, T: Real>(x: T) -> T {
    // Above 20 it is 1.
    let e = held(x, x, number(20.0)).exp::<S>();
    let n = e * (e + number(2.0));
    n / (n + number(2.0))
}

/// `1 / (1 + exp(-x))`.
#[inline(always)]
fn sigmoid<S: Tier, T: Real>(x: T) -> T {
    T::ONE / (T::ONE + (-x).exp::<S>())
}

/// `log(1 + exp(-|x|))`.
#[inline(always)]
fn log_of_sum<S: Tier, T: Real>(x: T) -> T {
    let e = (-x.abs()).exp::<S>();
    // With `u = 1 + e` rounded, `log(u) e / (u - 1)` makes up for what was lost.
    let u = T::ONE + e;
    if u == T::ONE {
        e
    } else {
        u.ln::<S>() * (e / (u - T::ONE))
    }
}

tiered! {
    fn value<S, T>(activation: Activation, x: &[T], out: &mut [T]) {
        let (zero, one) = (T::ZERO, T::ONE);
        match activation {
            Activation::Hardtanh { low, high } => {
                let (low, high) = (number(low), number(high));
                each(x, None, out, |x: T| if x < low { low } else if x > high { high } else { x });
            }
            Activation::Hardsigmoid => each(x, None, out, |x: T| held(x + number(3.0), zero, number(6.0)) / number(6.0)),
            Activation::Hardswish => {
                each(x, None, out, |x: T| x * held(x + number(3.0), zero, number(6.0)) / number(6.0));
            }
            Activation::Selu => {
                let (scale, alpha) = (number::<T>(Activation::SELU_SCALE), number::<T>(Activation::SELU_SCALE * Activation::SELU_ALPHA));
                each(x, None, out, |x: T| if x > zero { scale * x } else { alpha * below::<S, T>(x) });
            }
            Activation::Celu { alpha } => {
                let alpha = number::<T>(alpha);
                each(x, None, out, |x: T| {
                    if x > zero { x } else { alpha * held(x / alpha, x / alpha, number(80.0)).exp_m1::<S>() }
                });
            }
            Activation::Mish => each(x, None, out, |x: T| x * tanh_softplus::<S, T>(x)),
            Activation::Softsign => each(x, None, out, |x: T| x / (one + x.abs())),
            Activation::Tanhshrink => each(x, None, out, |x: T| x - x.tanh::<S>()),
            Activation::Softshrink { lambda } => {
                let lambda = number::<T>(lambda);
                each(x, None, out, |x: T| if x.abs() > lambda { x - lambda.copysign(x) } else { x * zero });
            }
            Activation::Hardshrink { lambda } => {
                let lambda = number::<T>(lambda);
                each(x, None, out, |x: T| if x.abs() > lambda { x } else { x * zero });
            }
            Activation::LogSigmoid => {
                each(x, None, out, |x: T| if x < zero { x } else { zero } - log_of_sum::<S, T>(x));
            }
            Activation::Threshold { threshold, value } => {
                let (threshold, value) = (number(threshold), number(value));
                each(x, None, out, |x: T| if x <= threshold { value } else { x });
            }
        }
    }
}

tiered! {
    fn slope<S, T>(activation: Activation, x: &[T], d: &[T], out: &mut [T]) {
        let (zero, one, d) = (T::ZERO, T::ONE, Some(d));
        let inside = |is_inside: bool| if is_inside { T::ONE } else { T::ZERO };
        match activation {
            Activation::Hardtanh { low, high } => {
                let (low, high) = (number(low), number(high));
                each(x, d, out, |x: T| inside(x > low && x < high));
            }
            Activation::Hardsigmoid => {
                // The float nearest to 1/6 for doubles as well: PyTorch's.
                let sixth = number::<T>(f64::from(1_f32 / 6.0));
                each(x, d, out, |x: T| inside(x.abs() < number(3.0)) * sixth);
            }
            Activation::Hardswish => {
                let three = number::<T>(3.0);
                each(x, d, out, |x: T| {
                    let between = (x + x + three) / number(6.0);
                    if x <= -three { zero } else if x >= three { one } else { between }
                });
            }
            Activation::Selu => {
                let (scale, alpha) = (number::<T>(Activation::SELU_SCALE), number::<T>(Activation::SELU_SCALE * Activation::SELU_ALPHA));
                each(x, d, out, |x: T| if x > zero { scale } else { alpha * x.exp::<S>() });
            }
            Activation::Celu { alpha } => {
                let alpha = number::<T>(alpha);
                each(x, d, out, |x: T| if x > zero { one } else { (x / alpha).exp::<S>() });
            }
            Activation::Mish => each(x, d, out, |x: T| {
                let t = tanh_softplus::<S, T>(x);
                t + x * (one - t * t) * sigmoid::<S, T>(x)
            }),
            Activation::Softsign => each(x, d, out, |x: T| {
                let below = one + x.abs();
                one / (below * below)
            }),
            Activation::Tanhshrink => each(x, d, out, |x: T| {
                let t = x.tanh::<S>();
                t * t
            }),
            Activation::Softshrink { lambda } | Activation::Hardshrink { lambda } => {
                let lambda = number::<T>(lambda);
                each(x, d, out, |x: T| inside(x.abs() > lambda));
            }
            Activation::LogSigmoid => each(x, d, out, |x: T| sigmoid::<S, T>(-x)),
            Activation::Threshold { threshold, .. } => {
                let threshold = number::<T>(threshold);
                each(x, d, out, |x: T| inside(x > threshold));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EACH: [Activation; 13] = [
        Activation::Hardtanh { low: -1.0, high: 1.0 },
        Activation::Hardtanh { low: 0.0, high: 6.0 },
        Activation::Hardsigmoid,
        Activation::Hardswish,
        Activation::Selu,
        Activation::Celu { alpha: 0.7 },
        Activation::Mish,
        Activation::Softsign,
        Activation::Tanhshrink,
        Activation::Softshrink { lambda: 0.5 },
        Activation::Hardshrink { lambda: 0.5 },
        Activation::LogSigmoid,
        Activation::Threshold {
            threshold: 0.1,
            value: -2.0,
        },
    ];

    fn check<T: Real>() {
        let mut x: Vec<f64> = (-400..400).map(|index| f64::from(index) / 23.0).collect();
        x.extend([-1e4, -90.0, -0.0, 0.0, 1e-9, -1e-9, 90.0, 1e4, f64::NAN]);
        let d: Vec<T> = (0..x.len()).map(|index| T::from_usize(index % 7)).collect();
        let numbers: Vec<T> = x.iter().map(|&x| T::from_f64(x)).collect();
        for activation in EACH {
            let (mut out, mut d_x) = (vec![T::ONE; x.len()], vec![T::ONE; x.len()]);
            values(&activation, &numbers, &mut out);
            gradients(&activation, &numbers, &d, &mut d_x);
            for (index, x) in numbers.iter().map(|x| x.to_f64()).enumerate() {
                let tolerance = |expected: f64| 24.0 * T::EPSILON.to_f64() * (expected.abs() + x.abs().min(1.0));
                let (value, slope) = (activation.value(x), d[index].to_f64() * activation.slope(x));
                for (found, expected) in [(out[index].to_f64(), value), (d_x[index].to_f64(), slope)] {
                    let is_close = (found - expected).abs() <= tolerance(expected) + 1e-30;
                    assert!(
                        is_close || found.is_nan() && expected.is_nan(),
                        "{activation:?} at {x}: {found} is not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn each_is_what_it_is_in_double_precision() {
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        values::<f32>(&Activation::Mish, &[], &mut []);
        gradients::<f32>(&Activation::Mish, &[], &[], &mut []);
    }
}
