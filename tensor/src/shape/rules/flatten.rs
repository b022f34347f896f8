//! Trailing axes joined into one.

use super::concat::Concat;
use super::count::{Count, Elements};
use super::ranks::{aligned, placed};
use super::reduce::ReduceAxis;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The shape with `AXIS` and all axes behind it joined into one: `[batch, 28, 28]` from axis 1 is `[batch, 784]`.
///
/// The axes in front may be any sizes, type parameters too.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} to flatten from in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait FlattenFrom<const AXIS: isize>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

impl<S, const AXIS: isize> FlattenFrom<AXIS> for S
where
    S: SplitAt<AXIS>,
    S::Back: Count,
{
    type Output = S::FrontAnd<Elements<S::Back>>;
}

/// The shape has an axis `AXIS`, and falls into what is in front of it and the rest.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait SplitAt<const AXIS: isize>: Shape {
    /// The axis and all behind it.
    type Back: Ranked;
    /// What is in front of it, with one axis put behind.
    type FrontAnd<Axis: Dim>: Ranked;
}

/// `split!(1 -2: A; B; C)`: at axis 1, or -2, (A, B, C) falls into A and (B, C).
macro_rules! split {
    ($front:literal $back:literal: $($before:ident)*; $axis:ident; $($behind:ident)*) => {
        split!(@impl $front: $($before)*; $axis $($behind)*);
        split!(@impl $back: $($before)*; $axis $($behind)*);
    };
    (@impl $axis:literal: $($before:ident)*; $($behind:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $($behind: Dim),+> SplitAt<$axis> for ($($before,)* $($behind,)+) {
            type Back = ($($behind,)+);
            type FrontAnd<Axis: Dim> = ($($before,)* Axis,);
        }
    };
}

placed!(split);

/// The shape with the axes from `START` to `END`, both with them, joined into one: `[batch, 28, 28, 3]` from 1 to 2 is `[batch, 784, 3]`.
#[diagnostic::on_unimplemented(
    message = "there are no axes {START} to {END} to flatten in the shape `{Self}`",
    label = "an axis is out of range, or the first stands behind the last",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait FlattenBetween<const START: isize, const END: isize>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// The axes in front of the last ones: of as many as `Behind` has.
#[diagnostic::on_unimplemented(
    message = "the axes to flatten end in front of where they begin",
    label = "the first axis stands behind the last"
)]
pub trait InFrontOf<Behind>: Ranked {
    /// The axes.
    type Middle: Ranked;
}

macro_rules! strip {
    (; $($own:ident $behind:ident),*) => {};
    ($($front:ident)+; $($own:ident $behind:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)+ $($own: Dim, $behind: Dim),*> InFrontOf<($($behind,)*)> for ($($front,)+ $($own,)*) {
            type Middle = ($($front,)+);
        }
    };
}

aligned!(strip);

type Behind<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Behind;
type Middle<S, const START: isize, const END: isize> =
    <<S as SplitAt<START>>::Back as InFrontOf<Behind<S, END>>>::Middle;
type Joined<S, const START: isize, const END: isize> = <S as SplitAt<START>>::FrontAnd<Elements<Middle<S, START, END>>>;

impl<S, const START: isize, const END: isize> FlattenBetween<START, END> for S
where
    S: SplitAt<START> + ReduceAxis<END>,
    S::Back: InFrontOf<Behind<S, END>>,
    Middle<S, START, END>: Count,
    Joined<S, START, END>: Concat<Behind<S, END>>,
{
    type Output = <Joined<S, START, END> as Concat<Behind<S, END>>>::Output;
}
