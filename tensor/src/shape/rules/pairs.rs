//! Two shapes put together in PyTorch's other ways.

use super::more::AtLeast;
use super::ranks::batched;
use super::reduce::ReduceAxis;
use super::repeat::Cat;
use super::same::SameShape;
use crate::shape::digits::_2;
use crate::shape::dim::Dim;
use crate::shape::expression::{MultiplyDim, ProductOf};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::{One, Size};

/// What can stand beside `Left` along `AXIS`, with as many axes as that takes: vectors are rows, and along 1 stand one behind the other.
pub trait CatSideways<Left, const AXIS: isize>: Shape {
    /// The shape of both.
    type Output: Ranked;
}

impl<Left: AtLeast, Right: AtLeast> CatSideways<Left, 0> for Right
where
    Left::Two: Cat<0, Right::Two>,
{
    type Output = <Left::Two as Cat<0, Right::Two>>::Output;
}

impl<Left: AtLeast, Right: AtLeast> CatSideways<Left, 2> for Right
where
    Left::Three: Cat<2, Right::Three>,
{
    type Output = <Left::Three as Cat<2, Right::Three>>::Output;
}

impl<Left: AtLeast, Right: AtLeast> CatSideways<Left, 1> for Right
where
    Left::One: Sideways<Right::One>,
{
    type Output = <Left::One as Sideways<Right::One>>::Output;
}

/// The shape of what stands side by side: vectors one behind the other, the rest along axis 1.
pub trait Sideways<Right>: Shape {
    /// The shape of both.
    type Output: Ranked;
}

impl<N: Dim, Right> Sideways<Right> for (N,)
where
    Self: Cat<0, Right>,
{
    type Output = <Self as Cat<0, Right>>::Output;
}

macro_rules! sideways {
    ($($more:ident)*) => {
        impl<$($more: Dim,)* M: Dim, N: Dim, Right> Sideways<Right> for ($($more,)* M, N)
        where
            Self: Cat<1, Right>,
        {
            type Output = <Self as Cat<1, Right>>::Output;
        }
    };
}

batched!(sideways);

/// A shape whose vectors are columns: `[n]` is `[n, 1]`.
pub trait Columns: Shape {
    /// With two axes or more.
    type Output: Ranked;
}

impl Columns for () {
    type Output = (One, One);
}

impl<N: Dim> Columns for (N,) {
    type Output = (N, One);
}

macro_rules! columns {
    ($($more:ident)*) => {
        impl<$($more: Dim,)* M: Dim, N: Dim> Columns for ($($more,)* M, N) {
            type Output = Self;
        }
    };
}

batched!(columns);

/// What can stand beside `Left` as columns.
pub trait ColumnsBeside<Left>: Shape {
    /// The shape of both.
    type Output: Ranked;
}

impl<Left, Right> ColumnsBeside<Left> for Right
where
    Left: Columns,
    Right: Columns,
    Left::Output: Cat<1, Right::Output>,
{
    type Output = <Left::Output as Cat<1, Right::Output>>::Output;
}

/// A vector of which each element forms a pair with each of another, `Left`.
#[diagnostic::on_unimplemented(
    message = "the elements of `{Left}` and `{Self}` form no pairs",
    label = "expected a vector `[n]`"
)]
pub trait FormPairs<Left>: Shape {
    /// `[m n, 2]`.
    type List: Ranked;
    /// `[m, n]`.
    type Grid: Ranked;
}

#[diagnostic::do_not_recommend]
impl<M: MultiplyDim<N>, N: Dim> FormPairs<(M,)> for (N,) {
    type List = (ProductOf<M, N>, Size<_2>);
    type Grid = (M, N);
}

/// Values that are looked for in a sequence, or in one of several, a row each.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` cannot be looked for in `{Sequence}`",
    label = "expected a sequence of one axis, or the same axes but the last"
)]
pub trait SearchedIn<Sequence>: Shape {}

#[diagnostic::do_not_recommend]
impl<N: Dim, Values: Shape> SearchedIn<(N,)> for Values {}

macro_rules! searched {
    ($($more:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)* M: Dim, N: Dim, Values> SearchedIn<($($more,)* M, N)> for Values
        where
            ($($more,)* M, N): ReduceAxis<-1>,
            Values: ReduceAxis<-1>,
            <($($more,)* M, N) as ReduceAxis<-1>>::Kept: SameShape<<Values as ReduceAxis<-1>>::Kept>,
        {
        }
    };
}

batched!(searched);
