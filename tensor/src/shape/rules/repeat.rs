//! Shapes made longer: stretched, repeated, put behind one another, padded.

use typenum::{B0, B1};

use super::broadcast::{Broadcast, BroadcastWith};
use super::ranks::aligned;
use super::reduce::ReduceAxis;
use super::same::SameShape;
use crate::shape::dim::{Dim, Known};
use crate::shape::expression::{AddDim, MultiplyDim, ProductOf, SumOf};
use crate::shape::shape::{Ranked, Shape};

/// A shape that stretches to `To`: `[batch, 1]` to `[batch, 784]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not stretch to `{To}`",
    label = "`{To}` is not what `{Self}` stretches to",
    note = "axes of size 1 are repeated, and new axes stand in front"
)]
pub trait BroadcastTo<To>: Shape {
    /// `To`.
    type Output: Ranked;
}

impl<S, To> BroadcastTo<To> for S
where
    To: Ranked,
    S: BroadcastWith<To>,
    To: SameShape<Broadcast<S, To>>,
{
    type Output = To;
}

/// A shape repeated `Times` along each axis: `[2, 3]` by `[4, 1, 2]` is `[4, 2, 6]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be repeated `{Times}` times",
    label = "expected a number for each axis of `{Self}`",
    note = "there may be more numbers than axes: axes are then added in front"
)]
pub trait Repeat<Times>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// The size of a repeated axis. Once is not written down.
pub trait RepeatBy<Times, Once>: Dim {
    /// The size of the result.
    type Output: Dim;
}

#[diagnostic::do_not_recommend]
impl<Size: Dim, Times> RepeatBy<Times, B1> for Size {
    type Output = Size;
}

#[diagnostic::do_not_recommend]
impl<Size: MultiplyDim<Times>, Times> RepeatBy<Times, B0> for Size {
    type Output = ProductOf<Size, Times>;
}

macro_rules! repeat {
    ($($more:ident)*; $($axis:ident $times:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)* $($axis, $times),*> Repeat<($($more,)* $($times,)*)> for ($($axis,)*)
        where
            $($axis: Dim + RepeatBy<$times, <$times as Known>::IsOne>, $times: Known),*
        {
            type Output = ($($more,)* $(<$axis as RepeatBy<$times, <$times as Known>::IsOne>>::Output,)*);
        }
    };
}

aligned!(repeat);

/// Two shapes one behind the other along an axis: `[batch, 3]` and `[batch, 4]` along 1 is `[batch, 7]`. The other axes are the same.
#[diagnostic::on_unimplemented(
    message = "`{Other}` cannot stand behind `{Self}` along axis {AXIS}",
    label = "the shapes differ in more than axis {AXIS}",
    note = "all axes but the one that adds up are the same"
)]
pub trait Cat<const AXIS: isize, Other>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;

impl<S, Other, const AXIS: isize> Cat<AXIS, Other> for S
where
    S: ReduceAxis<AXIS>,
    Other: ReduceAxis<AXIS>,
    <S as ReduceAxis<AXIS>>::Kept: SameShape<<Other as ReduceAxis<AXIS>>::Kept>,
    AxisOf<S, AXIS>: AddDim<AxisOf<Other, AXIS>>,
{
    type Output = <S as ReduceAxis<AXIS>>::With<SumOf<AxisOf<S, AXIS>, AxisOf<Other, AXIS>>>;
}

/// A shape with an axis made longer at both ends: `[batch, 28]` along 1 by 2 and 2 is `[batch, 32]`.
#[diagnostic::on_unimplemented(
    message = "there is no axis {AXIS} to pad in the shape `{Self}`",
    label = "axis {AXIS} is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait PadAxis<const AXIS: isize, Before, After>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

impl<S, Before, After, const AXIS: isize> PadAxis<AXIS, Before, After> for S
where
    S: ReduceAxis<AXIS>,
    Before: AddDim<After>,
    AxisOf<S, AXIS>: AddDim<SumOf<Before, After>>,
{
    type Output = <S as ReduceAxis<AXIS>>::With<SumOf<AxisOf<S, AXIS>, SumOf<Before, After>>>;
}

/// A shape with the last axes made longer at both ends: `[batch, 28, 28]` by `[1, 1]` and `[2, 2]` is `[batch, 31, 31]`.
#[diagnostic::on_unimplemented(
    message = "there is no border of `{Before}` and `{After}` around `{Self}`",
    label = "expected a size before and one after for each of the last axes of `{Self}`"
)]
pub trait Bordered<Before, After>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

type Longer<Size, Before, After> = SumOf<Size, SumOf<Before, After>>;

macro_rules! bordered {
    ($($front:ident)*; $($axis:ident $before:ident $after:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $($axis, $before, $after),+> Bordered<($($before,)+), ($($after,)+)>
            for ($($front,)* $($axis,)+)
        where
            $($before: AddDim<$after>, $axis: AddDim<SumOf<$before, $after>>),+
        {
            type Output = ($($front,)* $(Longer<$axis, $before, $after>,)+);
        }
    };
    ($($front:ident)*) => {
        bordered!($($front)*; H I J);
        bordered!($($front)*; H I J, K L M);
        bordered!($($front)*; H I J, K L M, N O P);
    };
}

bordered!();
bordered!(A);
bordered!(A B);
bordered!(A B C);
bordered!(A B C D; H I J);
bordered!(A B C D; H I J, K L M);
bordered!(A B C D E; H I J);
