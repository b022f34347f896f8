//! [`Number`]: the arithmetic that every element type has.

use half::{bf16, f16};

/// An element of any type: a float, a whole number (which wraps around), or a truth value (`or` for a sum, `and` for a product).
pub trait Number: Copy + PartialEq + PartialOrd + Default + Send + Sync + 'static {
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
    ($($T:ident, $plus:expr, $times:expr;)*) => {
        $(
            impl Number for $T {
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
    f32, |a, b| a + b, |a, b| a * b;
    f64, |a, b| a + b, |a, b| a * b;
    f16, |a, b| a + b, |a, b| a * b;
    bf16, |a, b| a + b, |a, b| a * b;
    i64, i64::wrapping_add, i64::wrapping_mul;
    i32, i32::wrapping_add, i32::wrapping_mul;
    u8, u8::wrapping_add, u8::wrapping_mul;
    bool, |a, b| a | b, |a, b| a & b;
}
