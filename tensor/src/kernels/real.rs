//! [`Real`]: the numbers the kernels compute with, `f32` and `f64`.

use std::fmt::{Debug, Display};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Rem, Sub};

use super::math;
use super::scratch::Plain;
use super::simd::{Lanes, Tier};
use super::special::{float, rounding};

/// A floating-point number: `f32` or `f64`.
pub trait Real:
    Copy
    + Send
    + Sync
    + Debug
    + Display
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + MulAssign
    + Plain
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// Negative infinity.
    const NEG_INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// The distance from 1 to the next number.
    const EPSILON: Self;
    /// The smallest positive number that is not subnormal.
    const MIN_POSITIVE: Self;

    /// The vector register of an instruction set.
    type Vector<S: Tier>: Lanes<Self>;

    /// The nearest number.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision.
    fn to_f64(self) -> f64;
    /// The nearest number.
    fn from_usize(value: usize) -> Self;
    /// `self * a + b`, rounded once; slow where there is no such instruction: use [`Tier::mul_add`].
    fn fused(self, a: Self, b: Self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The magnitude of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// Whether it is not a number.
    fn is_nan(self) -> bool;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// The whole number towards 0.
    fn trunc(self) -> Self;
    /// The nearest number of so many decimals, of two the even one.
    fn round_decimals(self, decimals: i32) -> Self;
    /// The exact remainder with the sign of the divisor.
    fn remainder(self, divisor: Self) -> Self;
    /// The exact quotient, rounded down.
    fn floor_divide(self, divisor: Self) -> Self;
    /// The next number in the direction of another.
    fn next_after(self, other: Self) -> Self;
    /// `self` to the power of `exponent`.
    fn powf(self, exponent: Self) -> Self;
    /// The sine, in radians.
    fn sin(self) -> Self;
    /// The cosine, in radians.
    fn cos(self) -> Self;
    /// `e` to the power of `self`.
    fn exp<S: Tier>(self) -> Self;
    /// `e` to the power of `self`, which is not above 0; 0 where the result would be subnormal.
    fn exp_down<S: Tier>(self) -> Self;
    /// `exp(self) - 1` without cancellation, for `self` of at most 80.
    fn exp_m1<S: Tier>(self) -> Self;
    /// The natural logarithm.
    fn ln<S: Tier>(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh<S: Tier>(self) -> Self;
    /// The error function.
    fn erf<S: Tier>(self) -> Self;
    /// A number in `[0, 1)` of two random words: 24 bits for `f32`, 53 for `f64`.
    fn uniform(high: u32, low: u32) -> Self;

    /// The product of the crate `matrixmultiply`: `c = a b + beta c`.
    ///
    /// # Safety
    /// The pointers with their sizes and strides (in elements, row then column) lie inside live allocations, and `c` aliases neither.
    #[allow(clippy::too_many_arguments)]
    unsafe fn matrixmultiply(
        m: usize,
        k: usize,
        n: usize,
        a: (*const Self, isize, isize),
        b: (*const Self, isize, isize),
        beta: Self,
        c: (*mut Self, isize, isize),
    );

    /// The larger; NaN wins.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other || self.is_nan() { self } else { other }
    }

    /// The smaller; NaN wins.
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        if self < other || self.is_nan() { self } else { other }
    }
}

macro_rules! real {
    (
        $T:ident, $vector:ident, $math:ident, $product:path, $uniform:expr,
        [$round_decimals:path, $remainder:path, $floor_divide:path, $next_after:path]
    ) => {
        impl Real for $T {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $T::INFINITY;
            const NEG_INFINITY: Self = $T::NEG_INFINITY;
            const NAN: Self = $T::NAN;
            const EPSILON: Self = $T::EPSILON;
            const MIN_POSITIVE: Self = $T::MIN_POSITIVE;

            type Vector<S: Tier> = S::$vector;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $T
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn from_usize(value: usize) -> Self {
                value as $T
            }
            #[inline(always)]
            fn fused(self, a: Self, b: Self) -> Self {
                self.mul_add(a, b)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            #[inline(always)]
            fn trunc(self) -> Self {
                self.trunc()
            }
            fn round_decimals(self, decimals: i32) -> Self {
                $round_decimals(self, decimals)
            }
            fn remainder(self, divisor: Self) -> Self {
                $remainder(self, divisor)
            }
            fn floor_divide(self, divisor: Self) -> Self {
                $floor_divide(self, divisor)
            }
            fn next_after(self, other: Self) -> Self {
                $next_after(self, other)
            }
            fn powf(self, exponent: Self) -> Self {
                self.powf(exponent)
            }
            fn sin(self) -> Self {
                self.sin()
            }
            fn cos(self) -> Self {
                self.cos()
            }
            #[inline(always)]
            fn exp<S: Tier>(self) -> Self {
                math::$math::exp::<S>(self)
            }
            #[inline(always)]
            fn exp_down<S: Tier>(self) -> Self {
                math::$math::exp_down::<S>(self)
            }
            #[inline(always)]
            fn exp_m1<S: Tier>(self) -> Self {
                math::$math::exp_m1::<S>(self)
            }
            #[inline(always)]
            fn ln<S: Tier>(self) -> Self {
                math::$math::ln::<S>(self)
            }
            #[inline(always)]
            fn tanh<S: Tier>(self) -> Self {
                math::tanh::<S, $T>(self)
            }
            #[inline(always)]
            fn erf<S: Tier>(self) -> Self {
                math::$math::erf::<S>(self)
            }
            #[inline(always)]
            fn uniform(high: u32, low: u32) -> Self {
                $uniform(high, low)
            }
            unsafe fn matrixmultiply(
                m: usize,
                k: usize,
                n: usize,
                a: (*const Self, isize, isize),
                b: (*const Self, isize, isize),
                beta: Self,
                c: (*mut Self, isize, isize),
            ) {
                // SAFETY: the caller's promise is the callee's.
                unsafe { $product(m, k, n, 1.0, a.0, a.1, a.2, b.0, b.1, b.2, beta, c.0, c.1, c.2) }
            }
        }
    };
}

real!(
    f32,
    F32,
    single,
    matrixmultiply::sgemm,
    |high: u32, _low: u32| (high >> 8) as f32 * (1.0 / (1u32 << 24) as f32),
    [
        rounding::round_decimals_f32,
        rounding::remainder_f32,
        rounding::floor_divide_f32,
        float::nextafter_f32
    ]
);
real!(
    f64,
    F64,
    double,
    matrixmultiply::dgemm,
    |high: u32, low: u32| (((high as u64) << 21) | (low >> 11) as u64) as f64 * (1.0 / (1u64 << 53) as f64),
    [
        rounding::round_decimals,
        rounding::remainder,
        rounding::floor_divide,
        float::nextafter
    ]
);

#[cfg(test)]
mod tests {
    use super::Real;

    #[test]
    fn nan_wins() {
        assert!(f32::NAN.larger(1.0).is_nan() && 1f32.larger(f32::NAN).is_nan());
        assert!(f64::NAN.smaller(1.0).is_nan() && Real::smaller(1f64, f64::NAN).is_nan());
        assert_eq!((Real::larger(1f32, 2.0), Real::smaller(1f32, 2.0)), (2.0, 1.0));
    }

    #[test]
    fn uniform_stays_below_one() {
        assert!(f32::uniform(u32::MAX, u32::MAX) < 1.0 && f64::uniform(u32::MAX, u32::MAX) < 1.0);
        assert_eq!((f32::uniform(0, 0), f64::uniform(0, 0)), (0.0, 0.0));
    }
}
