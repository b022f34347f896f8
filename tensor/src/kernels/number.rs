//! [`Number`]: the arithmetic that every element type has.

use half::{bf16, f16};

/// An element of any type: a float, a whole number (which wraps around), or a truth value (`or` for a sum, `and` for a product).
pub trait Number: Copy + PartialEq + PartialOrd + Default + Send + Sync + 'static {
    /// 0, or false.
    const ZERO: Self;
    /// 1, or true.
    const ONE: Self;
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The product.
    fn times(self, other: Self) -> Self;
    /// The larger; NaN wins.
    fn most(self, other: Self) -> Self;
    /// The smaller; NaN wins.
    fn least(self, other: Self) -> Self;
}

macro_rules! number {
    ($($T:ident, $zero:expr, $one:expr, $plus:expr, $times:expr;)*) => {
        $(
            impl Number for $T {
                const ZERO: Self = $zero;
                const ONE: Self = $one;

                #[inline(always)]
                fn plus(self, other: Self) -> Self {
                    $plus(self, other)
                }
                #[inline(always)]
                fn times(self, other: Self) -> Self {
                    $times(self, other)
                }
                #[inline(always)]
                #[allow(clippy::eq_op, reason = "NaN alone differs from itself")]
                fn most(self, other: Self) -> Self {
                    if self > other || self != self { self } else { other }
                }
                #[inline(always)]
                #[allow(clippy::eq_op, reason = "NaN alone differs from itself")]
                fn least(self, other: Self) -> Self {
                    if self < other || self != self { self } else { other }
                }
            }
        )*
    };
}

number! {
    f32, 0.0, 1.0, |a, b| a + b, |a, b| a * b;
    f64, 0.0, 1.0, |a, b| a + b, |a, b| a * b;
    f16, f16::ZERO, f16::ONE, |a, b| a + b, |a, b| a * b;
    bf16, bf16::ZERO, bf16::ONE, |a, b| a + b, |a, b| a * b;
    i64, 0, 1, i64::wrapping_add, i64::wrapping_mul;
    i32, 0, 1, i32::wrapping_add, i32::wrapping_mul;
    u8, 0, 1, u8::wrapping_add, u8::wrapping_mul;
    bool, false, true, |a, b| a | b, |a, b| a & b;
}
