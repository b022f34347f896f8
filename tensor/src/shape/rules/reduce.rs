//! Axes by number, and shapes without them.

use super::ranks::placed;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::One;

/// The shape has an axis `AXIS`, counted from 0, or from -1 at the end: `x.sum_axis::<-1>()`.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait ReduceAxis<const AXIS: isize>: Shape {
    /// The shape without the axis.
    type Output: Ranked;
    /// The shape with the axis kept as 1.
    type Kept: Ranked;
    /// The size of the axis.
    type Axis: Dim;
    /// The shape with another size of the axis.
    type With<Size: Dim>: Ranked;
    /// The axes in front of it.
    type Front: Ranked;
    /// The axes behind it.
    type Behind: Ranked;
    /// The axis, counted from the front.
    const INDEX: usize;
}

/// `reduce!(0 -2: ; A; B)`: axis 0, or -2, of (A, B) is A.
macro_rules! reduce {
    ($front:literal $back:literal: $($before:ident)*; $axis:ident; $($after:ident)*) => {
        reduce!(@impl $front, $front: $($before)*; $axis; $($after)*);
        reduce!(@impl $front, $back: $($before)*; $axis; $($after)*);
    };
    (@impl $index:literal, $number:literal: $($before:ident)*; $axis:ident; $($after:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $axis: Dim, $($after: Dim,)*> ReduceAxis<$number> for ($($before,)* $axis, $($after,)*) {
            type Output = ($($before,)* $($after,)*);
            type Kept = ($($before,)* One, $($after,)*);
            type Axis = $axis;
            type With<Size: Dim> = ($($before,)* Size, $($after,)*);
            type Front = ($($before,)*);
            type Behind = ($($after,)*);
            const INDEX: usize = $index;
        }
    };
}

placed!(reduce);
