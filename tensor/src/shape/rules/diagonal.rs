//! Diagonals put into matrices, and taken out of them.

use typenum::{Min, Minimum};

use super::insert::InsertAxis;
use super::last::LastAxis;
use super::more::AtLeast;
use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::expression::{AddDim, SumOf};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::SizeOf;

/// A vector, `[n]`, which is put into a matrix, `[n, n]`, or a matrix `[m, n]` of static sizes, whose diagonal is taken.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no diagonal and is none",
    label = "expected `[n]`, or `[m, n]` with static sizes"
)]
pub trait Diagonal: Shape {
    /// The other one.
    type Output: Ranked;
}

#[diagnostic::do_not_recommend]
impl<N: Dim> Diagonal for (N,) {
    type Output = (N, N);
}

#[diagnostic::do_not_recommend]
impl<M: StaticDim, N: StaticDim> Diagonal for (M, N)
where
    M::Number: Min<N::Number>,
    Minimum<M::Number, N::Number>: ToDecimal,
{
    type Output = (SizeOf<Minimum<M::Number, N::Number>>,);
}

/// Rows `[.., n]` that are put into matrices `[.., n, n]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no rows to put into matrices",
    label = "expected a shape of 1 to 5 axes"
)]
pub trait Embeds: Shape {
    /// The matrices.
    type Output: Ranked;
}

#[diagnostic::do_not_recommend]
impl<S> Embeds for S
where
    S: LastAxis + InsertAxis<-1>,
{
    type Output = <S as InsertAxis<-1>>::Output<S::Last>;
}

/// Two matrices that are put into one, the second one below and on the right of the first: the sizes add up. Vectors are rows.
pub trait BlockDiagonal<Left>: Shape {
    /// The shape of the matrix.
    type Output: Ranked;
}

impl<Left, Right, M, N, P, Q> BlockDiagonal<Left> for Right
where
    Left: AtLeast<Two = (M, N)>,
    Right: AtLeast<Two = (P, Q)>,
    M: AddDim<P>,
    N: AddDim<Q>,
{
    type Output = (SumOf<M, P>, SumOf<N, Q>);
}
