//! Operations on two numbers whose result takes the place of the first.

use tensor_ops::Binary;

use super::Whole;
use crate::kernels::Real;
use crate::kernels::strided::{Source, update};

/// `x = x op y` for one of `+ - * /`, broadcast by strides of 0; the bits are those of [`binary`](crate::kernels::strided::binary).
///
/// # Panics
/// If a view reaches outside its data, or `x` has another number of elements, or `op` is another one.
pub fn real_in_place<T: Real>(op: Binary, sizes: &[usize], y: Source<'_, T>, x: &mut [T]) {
    match op {
        Binary::Add => update(sizes, y, x, |x, y| x + y),
        Binary::Sub => update(sizes, y, x, |x, y| x - y),
        Binary::Mul => update(sizes, y, x, |x, y| x * y),
        Binary::Div => update(sizes, y, x, |x, y| x / y),
        Binary::Pow | Binary::Maximum | Binary::Minimum => unreachable!("`ops/assign.rs` has no operator for it"),
    }
}

/// `x = x op y` for one of `+ - *`, which wrap around, broadcast by strides of 0.
///
/// # Panics
/// As [`real_in_place`].
pub fn whole_in_place<T: Whole>(op: Binary, sizes: &[usize], y: Source<'_, T>, x: &mut [T]) {
    match op {
        Binary::Add => update(sizes, y, x, T::plus),
        Binary::Sub => update(sizes, y, x, |x: T, y: T| T::cut(x.into().wrapping_sub(y.into()))),
        Binary::Mul => update(sizes, y, x, T::times),
        Binary::Div | Binary::Pow | Binary::Maximum | Binary::Minimum => {
            unreachable!("`ops/assign.rs` has no operator for it")
        }
    }
}
