//! Axes behind axes.

use super::count::{Count, Elements};
use super::ranks::parted;
use super::reduce::ReduceAxis;
use super::same::SameSize;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The axes of `Self` with those of `Behind` after them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Behind}` have more than 6 axes together",
    label = "a shape has at most 6 axes",
    note = "join axes, or use `Tensor<Dynamic>`"
)]
pub trait Concat<Behind>: Shape {
    /// All of them.
    type Output: Ranked;
}

macro_rules! concat {
    ($behind_count:literal: $($front:ident)*; $($behind:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $($behind: Dim,)*> Concat<($($behind,)*)> for ($($front,)*) {
            type Output = ($($front,)* $($behind,)*);
        }
    };
}

parted!(concat);

/// The shape with an axis cut into several: `[batch, 512]` by 1 and `[8, 64]` is `[batch, 8, 64]`.
#[diagnostic::on_unimplemented(
    message = "axis {AXIS} of `{Self}` does not fall into `{Parts}`",
    label = "the product of `{Parts}` is not the size of the axis"
)]
pub trait Unflatten<const AXIS: isize, Parts>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

type Front<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Front;
type Behind<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Behind;
type Joined<A, B> = <A as Concat<B>>::Output;

impl<S, Parts, const AXIS: isize> Unflatten<AXIS, Parts> for S
where
    S: ReduceAxis<AXIS>,
    Parts: Count,
    Elements<Parts>: SameSize<<S as ReduceAxis<AXIS>>::Axis>,
    Front<S, AXIS>: Concat<Parts>,
    Joined<Front<S, AXIS>, Parts>: Concat<Behind<S, AXIS>>,
{
    type Output = Joined<Joined<Front<S, AXIS>, Parts>, Behind<S, AXIS>>;
}
