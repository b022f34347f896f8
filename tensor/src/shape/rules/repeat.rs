//! Shapes made longer: stretched, repeated, put behind one another, padded.

use super::broadcast::{Broadcast, BroadcastWith};
use super::reduce::ReduceAxis;
use super::same::SameShape;
use crate::shape::dim::Dim;
use crate::shape::expression::{AddDim, MultiplyDim, ProductOf, SumOf};
use crate::shape::shape::{Ranked, Shape};

/// A shape that stretches to `To`: `[batch, 1]` to `[batch, 784]`.
pub trait BroadcastTo<To>: Shape {
    /// `To`.
    type Output: Ranked;
}

#[diagnostic::do_not_recommend]
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

macro_rules! repeat {
    ($($more:ident)*; $($axis:ident $times:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)* $($axis: MultiplyDim<$times>, $times: Dim),*> Repeat<($($more,)* $($times,)*)> for ($($axis,)*) {
            type Output = ($($more,)* $(ProductOf<$axis, $times>,)*);
        }
    };
}

repeat!(;);
repeat!(; A M);
repeat!(; A M, B N);
repeat!(; A M, B N, C O);
repeat!(; A M, B N, C O, D P);
repeat!(; A M, B N, C O, D P, E Q);
repeat!(; A M, B N, C O, D P, E Q, F R);
repeat!(U;);
repeat!(U; A M);
repeat!(U; A M, B N);
repeat!(U; A M, B N, C O);
repeat!(U; A M, B N, C O, D P);
repeat!(U; A M, B N, C O, D P, E Q);
repeat!(U V;);
repeat!(U V; A M);
repeat!(U V; A M, B N);
repeat!(U V; A M, B N, C O);
repeat!(U V; A M, B N, C O, D P);
repeat!(U V W;);
repeat!(U V W; A M);
repeat!(U V W; A M, B N);
repeat!(U V W; A M, B N, C O);
repeat!(U V W X;);
repeat!(U V W X; A M);
repeat!(U V W X; A M, B N);
repeat!(U V W X Y;);
repeat!(U V W X Y; A M);
repeat!(U V W X Y Z;);

/// Two shapes one behind the other along an axis: `[batch, 3]` and `[batch, 4]` along 1 is `[batch, 7]`. The other axes are the same.
pub trait Cat<const AXIS: isize, Other>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;

#[diagnostic::do_not_recommend]
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
pub trait PadAxis<const AXIS: isize, Before, After>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

#[diagnostic::do_not_recommend]
impl<S, Before, After, const AXIS: isize> PadAxis<AXIS, Before, After> for S
where
    S: ReduceAxis<AXIS>,
    Before: AddDim<After>,
    AxisOf<S, AXIS>: AddDim<SumOf<Before, After>>,
{
    type Output = <S as ReduceAxis<AXIS>>::With<SumOf<AxisOf<S, AXIS>, SumOf<Before, After>>>;
}
