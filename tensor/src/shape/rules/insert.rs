//! Shapes with one axis more.

use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// A new axis can stand at `AXIS`, counted in the result from 0, or from -1 at the end: `x.unsqueeze::<1>()`.
#[diagnostic::on_unimplemented(
    message = "there is no place {AXIS} for a new axis in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "the new axis counts: from 0 at the front, from -1 at the end, and a shape has at most 6"
)]
pub trait InsertAxis<const AXIS: isize>: Shape {
    /// The shape with a new axis of a size there.
    type Output<Size: Dim>: Ranked;
    /// The axis, counted from the front.
    const INDEX: usize;
}

/// `insert!(1 -2: A; B)`: a new axis 1, or -2, stands between A and B.
macro_rules! insert {
    ($front:literal $back:literal: $($before:ident)*; $($after:ident)*) => {
        insert!(@impl $front, $front: $($before)*; $($after)*);
        insert!(@impl $front, $back: $($before)*; $($after)*);
    };
    (@impl $index:literal, $number:literal: $($before:ident)*; $($after:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $($after: Dim,)*> InsertAxis<$number> for ($($before,)* $($after,)*) {
            type Output<Size: Dim> = ($($before,)* Size, $($after,)*);
            const INDEX: usize = $index;
        }
    };
}

insert!(0 -1: ; );
insert!(0 -2: ; A);
insert!(1 -1: A; );
insert!(0 -3: ; A B);
insert!(1 -2: A; B);
insert!(2 -1: A B; );
insert!(0 -4: ; A B C);
insert!(1 -3: A; B C);
insert!(2 -2: A B; C);
insert!(3 -1: A B C; );
insert!(0 -5: ; A B C D);
insert!(1 -4: A; B C D);
insert!(2 -3: A B; C D);
insert!(3 -2: A B C; D);
insert!(4 -1: A B C D; );
insert!(0 -6: ; A B C D E);
insert!(1 -5: A; B C D E);
insert!(2 -4: A B; C D E);
insert!(3 -3: A B C; D E);
insert!(4 -2: A B C D; E);
insert!(5 -1: A B C D E; );
