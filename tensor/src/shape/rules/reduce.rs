//! Axes by number, and shapes without them.

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

reduce!(0 -1: ; A;);
reduce!(0 -2: ; A; B);
reduce!(1 -1: A; B;);
reduce!(0 -3: ; A; B C);
reduce!(1 -2: A; B; C);
reduce!(2 -1: A B; C;);
reduce!(0 -4: ; A; B C D);
reduce!(1 -3: A; B; C D);
reduce!(2 -2: A B; C; D);
reduce!(3 -1: A B C; D;);
reduce!(0 -5: ; A; B C D E);
reduce!(1 -4: A; B; C D E);
reduce!(2 -3: A B; C; D E);
reduce!(3 -2: A B C; D; E);
reduce!(4 -1: A B C D; E;);
reduce!(0 -6: ; A; B C D E F);
reduce!(1 -5: A; B; C D E F);
reduce!(2 -4: A B; C; D E F);
reduce!(3 -3: A B C; D; E F);
reduce!(4 -2: A B C D; E; F);
reduce!(5 -1: A B C D E; F;);
