//! Axes that two tensors have in common, the last ones of one and the first ones of the other: sums of products over them.

use super::axes::{Axes, NamesAxis, ReduceAxes};
use super::concat::Concat;
use super::flatten::SplitAt;
use super::last::LastAxis;
use super::matmul::MultipliedBy;
use super::ranks::{aligned, parted};
use super::reduce::ReduceAxis;
use super::reshape::Reshape;
use super::same::SameSize;
use super::transpose::Transpose;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The last `COUNT` axes of a shape.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` has no {COUNT} axes",
    label = "expected a shape of {COUNT} axes or more"
)]
pub trait LastAxes<const COUNT: usize>: Shape {
    /// The axes in front of them.
    type Front: Ranked;
    /// These axes.
    type Last: Ranked;
}

macro_rules! last_axes {
    ($count:literal: $($front:ident)*; $($last:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)* $($last: Dim,)*> LastAxes<$count> for ($($front,)* $($last,)*) {
            type Front = ($($front,)*);
            type Last = ($($last,)*);
        }
    };
}

parted!(last_axes);

/// A shape whose first axes are those of `First`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not begin with the axes `{First}`",
    label = "expected the axes `{First}` in front"
)]
pub trait Prefixed<First>: Shape {
    /// The axes behind them.
    type Rest: Ranked;
}

macro_rules! prefixed {
    ($($rest:ident)*; $($found:ident $expected:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($rest: Dim,)* $($found: SameSize<$expected>, $expected: Dim),*> Prefixed<($($expected,)*)>
            for ($($found,)* $($rest,)*)
        {
            type Rest = ($($rest,)*);
        }
    };
}

aligned!(prefixed);

/// What stands on the right of `Left` in a sum of products over the last `COUNT` axes of the left and the first of the right.
pub trait Contracts<Left, const COUNT: usize>: Shape {
    /// The shape of the sums.
    type Output: Ranked;
}

type Front<S, const COUNT: usize> = <S as LastAxes<COUNT>>::Front;
type Last<S, const COUNT: usize> = <S as LastAxes<COUNT>>::Last;

impl<Left, Right, const COUNT: usize> Contracts<Left, COUNT> for Right
where
    Left: LastAxes<COUNT>,
    Right: Prefixed<Last<Left, COUNT>>,
    Front<Left, COUNT>: Concat<<Right as Prefixed<Last<Left, COUNT>>>::Rest>,
{
    type Output = <Front<Left, COUNT> as Concat<<Right as Prefixed<Last<Left, COUNT>>>::Rest>>::Output;
}

/// What stands on the right of `Left` in a sum of products over some axes of the left and as many of the right.
#[diagnostic::on_unimplemented(
    message = "there is no sum of products of `{Left}` and `{Self}` over these axes",
    label = "expected `Axes<..>` of the left and `Axes<..>` of the right"
)]
pub trait ContractsAxes<Left, LeftAxes, RightAxes>: Shape {
    /// The shape of the sums: what is left of the left, and behind it of the right.
    type Output: Ranked;
}

type AxisOf<S, const AXIS: isize> = <S as NamesAxis<AXIS>>::Axis;
type Others<S, Which> = <S as ReduceAxes<Which>>::Output;

#[rustfmt::skip]
impl<
    Left, Right,
    const A: isize, const B: isize, const C: isize, const D: isize, const E: isize, const F: isize,
    const M: isize, const N: isize, const O: isize, const P: isize, const Q: isize, const R: isize,
> ContractsAxes<Left, Axes<A, B, C, D, E, F>, Axes<M, N, O, P, Q, R>> for Right
where
    Left: NamesAxis<A> + NamesAxis<B> + NamesAxis<C> + NamesAxis<D> + NamesAxis<E> + NamesAxis<F>,
    Right: NamesAxis<M> + NamesAxis<N> + NamesAxis<O> + NamesAxis<P> + NamesAxis<Q> + NamesAxis<R>,
    Left: ReduceAxes<Axes<A, B, C, D, E, F>>,
    Right: ReduceAxes<Axes<M, N, O, P, Q, R>>,
    AxisOf<Right, M>: SameSize<AxisOf<Left, A>>,
    AxisOf<Right, N>: SameSize<AxisOf<Left, B>>,
    AxisOf<Right, O>: SameSize<AxisOf<Left, C>>,
    AxisOf<Right, P>: SameSize<AxisOf<Left, D>>,
    AxisOf<Right, Q>: SameSize<AxisOf<Left, E>>,
    AxisOf<Right, R>: SameSize<AxisOf<Left, F>>,
    Others<Left, Axes<A, B, C, D, E, F>>: Concat<Others<Right, Axes<M, N, O, P, Q, R>>>,
{
    type Output = <Others<Left, Axes<A, B, C, D, E, F>> as Concat<Others<Right, Axes<M, N, O, P, Q, R>>>>::Output;
}

/// What stands on the right of `Left` in a product over the last axes of both.
pub trait Inner<Left>: Shape {
    /// The shape of the product: what is left of the left, and behind it of the right.
    type Output: Ranked;
}

impl<Left, Right> Inner<Left> for Right
where
    Left: LastAxis,
    Right: LastAxis,
    Right::Last: SameSize<Left::Last>,
    Left::Rest: Concat<Right::Rest>,
{
    type Output = <Left::Rest as Concat<Right::Rest>>::Output;
}

/// Points `[.., n, d]` between which and points `[.., m, d]`, of `Left`, there are distances.
pub trait DistantFrom<Left>: Shape {
    /// `[.., m, n]`: a distance for each pair.
    type Output: Ranked;
}

impl<Left, Right> DistantFrom<Left> for Right
where
    Right: Transpose,
    Right::Output: MultipliedBy<Left>,
    Left: ReduceAxis<-2>,
{
    type Output = <Right::Output as MultipliedBy<Left>>::Output;
}

/// A tensor that is a matrix of its first `FIRST` axes and the others, which have as many elements.
pub trait TensorInverse<const FIRST: isize>: Shape {
    /// The others, and the first behind them.
    type Output: Ranked;
}

type Back<S, const AXIS: isize> = <S as SplitAt<AXIS>>::Back;

impl<S, const FIRST: isize> TensorInverse<FIRST> for S
where
    S: SplitAt<FIRST> + ReduceAxis<FIRST>,
    <S as ReduceAxis<FIRST>>::Front: Reshape<Back<S, FIRST>>,
    Back<S, FIRST>: Concat<<S as ReduceAxis<FIRST>>::Front>,
{
    type Output = <Back<S, FIRST> as Concat<<S as ReduceAxis<FIRST>>::Front>>::Output;
}
