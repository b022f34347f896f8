//! The axes in another order.

use typenum::B1;

use super::axes::{Axes, CoversAxes, Listed, NamesAxis};
use super::insert::InsertAxis;
use super::reduce::ReduceAxis;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The shape with its axes in the order of `Order`: `[batch, 8, 28]` by `Axes<2, 0, 1>` is `[28, batch, 8]`.
#[diagnostic::on_unimplemented(
    message = "the axes of `{Self}` cannot be put into this order",
    label = "expected `Axes<..>` with each axis of `{Self}` once"
)]
pub trait Permute<Order>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// The axes in their new order.
    const ORDER: Listed;
}

/// The bits of an order are 1 for every axis of the shape.
#[diagnostic::on_unimplemented(
    message = "the order does not name every axis of `{Permuted}`",
    label = "expected `Axes<..>` with each axis of `{Permuted}` once"
)]
pub trait Complete<Permuted, Order> {}

macro_rules! permute {
    ($($axis:ident $number:ident $bit:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<Permuted, Order> Complete<Permuted, Order> for ($($bit,)*) {}

        impl<$($axis: Dim,)* $(const $number: isize),*> Permute<Axes<$($number),*>> for ($($axis,)*)
        where
            $(Self: NamesAxis<$number>,)*
            Self: CoversAxes<Axes<$($number),*>>,
            <Self as CoversAxes<Axes<$($number),*>>>::Mask: Complete<Self, Axes<$($number),*>>,
        {
            type Output = ($(<Self as NamesAxis<$number>>::Axis,)*);
            const ORDER: Listed = Axes::<$($number),*>::LISTED;
        }
    };
}

permute!(A I B1);
permute!(A I B1, B J B1);
permute!(A I B1, B J B1, C K B1);
permute!(A I B1, B J B1, C K B1, D L B1);
permute!(A I B1, B J B1, C K B1, D L B1, E M B1);
permute!(A I B1, B J B1, C K B1, D L B1, E M B1, F N B1);

/// Two axes exchanged: `[batch, 8, 28]` by `Axes<0, -1>` is `[28, 8, batch]`.
pub trait SwapIn<S> {
    /// The shape of the result.
    type Output: Ranked;
}

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;
type Replaced<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;

impl<S, const A: isize, const B: isize> SwapIn<S> for Axes<A, B>
where
    S: ReduceAxis<A> + ReduceAxis<B>,
    Replaced<S, A, AxisOf<S, B>>: ReduceAxis<B>,
{
    type Output = Replaced<Replaced<S, A, AxisOf<S, B>>, B, AxisOf<S, A>>;
}

/// An axis at another place, the others in their order: `[batch, 8, 28]` from 0 to -1 is `[8, 28, batch]`.
#[diagnostic::on_unimplemented(
    message = "there are no axes {FROM} and {TO} in the shape `{Self}`",
    label = "an axis is out of range",
    note = "axes count from 0 at the front and from -1 at the end"
)]
pub trait MoveAxis<const FROM: isize, const TO: isize>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

impl<S, const FROM: isize, const TO: isize> MoveAxis<FROM, TO> for S
where
    S: ReduceAxis<FROM>,
    <S as ReduceAxis<FROM>>::Output: InsertAxis<TO>,
{
    type Output = <<S as ReduceAxis<FROM>>::Output as InsertAxis<TO>>::Output<AxisOf<S, FROM>>;
}
