//! Trailing axes joined into one.

use super::count::{Count, Elements};
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The shape with `AXIS` and all axes behind it joined into one: `[batch, 28, 28]` from axis 1 is `[batch, 784]`.
///
/// The axes in front may be any sizes, type parameters too.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} in the shape `{Self}` to flatten from",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait FlattenFrom<const AXIS: isize>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// `flatten!(1 -2: A; B C)`: from axis 1, or -2, on, (A, B, C) has the axes B and C to join.
macro_rules! flatten {
    ($front:literal $back:literal: $($before:ident)*; $($joined:ident)+) => {
        flatten!(@impl $front: $($before)*; $($joined)+);
        flatten!(@impl $back: $($before)*; $($joined)+);
    };
    (@impl $axis:literal: $($before:ident)*; $($joined:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $($joined: Dim),+> FlattenFrom<$axis> for ($($before,)* $($joined,)+)
        where
            ($($joined,)+): Count,
        {
            type Output = ($($before,)* Elements<($($joined,)+)>,);
        }
    };
}

flatten!(0 -1: ; A);
flatten!(0 -2: ; A B);
flatten!(1 -1: A; B);
flatten!(0 -3: ; A B C);
flatten!(1 -2: A; B C);
flatten!(2 -1: A B; C);
flatten!(0 -4: ; A B C D);
flatten!(1 -3: A; B C D);
flatten!(2 -2: A B; C D);
flatten!(3 -1: A B C; D);
flatten!(0 -5: ; A B C D E);
flatten!(1 -4: A; B C D E);
flatten!(2 -3: A B; C D E);
flatten!(3 -2: A B C; D E);
flatten!(4 -1: A B C D; E);
flatten!(0 -6: ; A B C D E F);
flatten!(1 -5: A; B C D E F);
flatten!(2 -4: A B; C D E F);
flatten!(3 -3: A B C; D E F);
flatten!(4 -2: A B C D; E F);
flatten!(5 -1: A B C D E; F);
