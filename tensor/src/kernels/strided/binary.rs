//! Operations on two views.

use tensor_ops::Binary;

use super::each::rows_of_two;
use super::loops::row_major_step;
use super::room::{Run, each};
use super::tiles::Writing;
use super::{Source, Target, copy, update};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::layout::Axes;

/// An expression with the function of two numbers that an operation is, under a name.
macro_rules! by {
    ($op:expr, $f:ident => $body:expr) => {{
        macro_rules! with {
            ($function:expr) => {{
                let $f = $function;
                $body
            }};
        }
        match $op {
            Binary::Add => with!(|a: T, b: T| a + b),
            Binary::Sub => with!(|a: T, b: T| a - b),
            Binary::Mul => with!(|a: T, b: T| a * b),
            Binary::Div => with!(|a: T, b: T| a / b),
            Binary::Pow => with!(|a: T, b: T| a.powf(b)),
            Binary::Maximum => with!(T::larger),
            Binary::Minimum => with!(T::smaller),
        }
    }};
}

/// `out = a op b`, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn binary<T: Real>(op: Binary, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    // Three things in three orders are more than the memory does well at a time.
    if Writing::of::<T>(out.len()).streams && lies_across(sizes, &a) != lies_across(sizes, &b) {
        return by_copy(op, sizes, a, b, out);
    }
    rows_of_two(sizes, a, b, out, |a, b, out| compute(op, a, b, out));
}

/// Whether elements that follow each other along the last axis are further apart than others.
fn lies_across<T>(sizes: &[usize], x: &Source<'_, T>) -> bool {
    let Some((last, others)) = x.strides.split_last() else {
        return false;
    };
    let step = |axis: usize| others[axis].unsigned_abs();
    (0..others.len()).any(|axis| sizes[axis] > 1 && (1..last.unsigned_abs()).contains(&step(axis)))
}

/// The same, where one operand lies across: it comes to the result first, and is computed with there.
fn by_copy<T: Real>(op: Binary, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    let strides: Axes<isize> = (0..sizes.len()).map(|axis| row_major_step(sizes, axis)).collect();
    let is_first = lies_across(sizes, &a);
    let (across, along) = if is_first { (a, b) } else { (b, a) };
    let to = Target {
        data: &mut *out,
        offset: 0,
        strides: &strides,
    };
    copy(sizes, across, to);
    match is_first {
        true => onto::<T, true>(op, sizes, along, out),
        false => onto::<T, false>(op, sizes, along, out),
    }
}

/// `out = out op x`, or with `out` behind the operation.
fn onto<T: Real, const FIRST: bool>(op: Binary, sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    by!(op, f => update(sizes, x, out, |out, x| if FIRST { f(out, x) } else { f(x, out) }));
}

tiered! {
    fn compute<S, T>(op: Binary, a: Run<'_, T>, b: Run<'_, T>, out: &mut [T]) {
        by!(op, f => each(a, b, out, f));
    }
}
