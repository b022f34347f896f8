//! Operations of one element, or of two and a condition.

use tensor_ops::{Binary, Compare, Math, Pair};

use crate::device::{Matrix, View};
use crate::error::Result;

/// One element at a time, whatever the axes: made, copied, drawn, computed from one or two others.
pub trait Elements {
    /// `out = value`.
    fn fill(&self, value: f64, out: View<'_>);
    /// `out = x`, converted where the element types differ.
    fn copy(&self, x: View<'_>, out: View<'_>);
    /// Uniform numbers of `[low, high)` from one stream of a seed.
    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>);
    /// Normal numbers of one stream of a seed.
    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>);
    /// `out = op(a, b)`; the layouts have the sizes of `out`.
    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `x = op(x, y)` with one of `+ - * /`; the layout of `y` has the sizes of `x`, which is row-major and apart from it.
    fn binary_in_place(&self, op: Binary, y: View<'_>, x: View<'_>);
    /// `out = op(x)`, from any strides into a row-major result.
    fn math(&self, op: Math, x: View<'_>, out: View<'_>);
    /// `out = op(a, b)`; the layouts have the sizes of `out`, which is row-major. A whole number that is to be divided by 0 is an error.
    fn pair(&self, op: Pair, a: View<'_>, b: View<'_>, out: View<'_>) -> Result<()>;
    /// Whether `a op b`, as truth values; the layouts have the sizes of `out`.
    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `out = condition ? a : b`; the layouts have the sizes of `out`.
    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `out = a + b` over contiguous elements.
    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>);
}
