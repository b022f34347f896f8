//! Operations whose operands say where.

use crate::device::View;
use crate::error::Result;
use crate::kernels::indexed::Scatter;

/// Elements by their places along an axis.
pub trait Places {
    /// `out = x[.., index, ..]` along an axis; `index` has the sizes of `out`. An index outside the axis is an error.
    fn gather(&self, axis: usize, x: View<'_>, index: View<'_>, out: View<'_>) -> Result<()>;
    /// `out[.., index, ..]` becomes what `how` makes of it and of `source`, which has the sizes of `index`; `out` is row-major.
    /// An index outside the axis is an error.
    fn scatter(&self, how: Scatter, axis: usize, index: View<'_>, source: View<'_>, out: View<'_>) -> Result<()>;
    /// `out += x`, where elements of `out` may share a place.
    fn accumulate(&self, x: View<'_>, out: View<'_>);
}
