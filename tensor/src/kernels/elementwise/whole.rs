//! Operations on two whole numbers, which wrap around.

use tensor_ops::Binary;

use crate::kernels::Number;
use crate::kernels::strided::{Source, zip};

/// A whole number of one of the element types.
pub trait Whole: Number + TryFrom<i64> + Into<i64> {
    /// The lowest bits of a whole number.
    fn cut(value: i64) -> Self;
}

impl Whole for i64 {
    fn cut(value: i64) -> Self {
        value
    }
}

impl Whole for i32 {
    fn cut(value: i64) -> Self {
        value as Self
    }
}

impl Whole for u8 {
    fn cut(value: i64) -> Self {
        value as Self
    }
}

/// `out = a op b`, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements, or `op` is for floats alone.
pub fn whole<T: Whole>(op: Binary, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    let by = |f: fn(i64, i64) -> i64| move |a: T, b: T| T::cut(f(a.into(), b.into()));
    match op {
        Binary::Add => zip(sizes, a, b, out, T::plus),
        Binary::Sub => zip(sizes, a, b, out, by(i64::wrapping_sub)),
        Binary::Mul => zip(sizes, a, b, out, T::times),
        Binary::Maximum => zip(sizes, a, b, out, T::most),
        Binary::Minimum => zip(sizes, a, b, out, T::least),
        Binary::Pow => zip(sizes, a, b, out, by(power)),
        Binary::Div => unreachable!("`ops/binary.rs` divides whole numbers as floats"),
    }
}

/// `a` to the power of `b` by squaring; of a negative power the whole part: 0, but for 1 and -1.
fn power(mut base: i64, exponent: i64) -> i64 {
    let Ok(mut left) = u64::try_from(exponent) else {
        return match base {
            1 => 1,
            -1 if exponent % 2 == 0 => 1,
            -1 => -1,
            _ => 0,
        };
    };
    let mut out = 1i64;
    while left > 0 {
        if left & 1 == 1 {
            out = out.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        left >>= 1;
    }
    out
}
