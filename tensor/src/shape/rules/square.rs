//! Square matrices, and what systems of equations ask of both sides.

use super::ranks::batched;
use super::reduce::ReduceAxis;
use super::same::{SameShape, SameSize};
use super::transpose::Transpose;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// Square matrices, `[.., n, n]`: what has an inverse and a determinant.
#[diagnostic::on_unimplemented(message = "`{Self}` is no square matrix", label = "expected a shape `[.., n, n]`")]
pub trait Square: Shape {
    /// The axes in front: a number for each matrix.
    type Batch: Ranked;
    /// `[.., n]`: a vector for each matrix.
    type Vectors: Ranked;
}

macro_rules! square {
    ($($batch:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: Dim, N: SameSize<M>> Square for ($($batch,)* M, N) {
            type Batch = ($($batch,)*);
            type Vectors = ($($batch,)* M,);
        }
    };
}

batched!(square);

/// Right sides `[.., n, k]` for matrices `[.., n, n]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no right side for the matrices `{Matrices}`",
    label = "expected `[.., n, k]` for `[.., n, n]`"
)]
pub trait Solves<Matrices>: Shape {}

impl<Matrices, Sides> Solves<Matrices> for Sides
where
    Matrices: Square + ReduceAxis<-1>,
    Sides: ReduceAxis<-1>,
    <Matrices as ReduceAxis<-1>>::Kept: SameShape<<Sides as ReduceAxis<-1>>::Kept>,
{
}

/// Right sides `[.., m, k]` for matrices `[.., m, n]` of any sizes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no right side for the matrices `{Matrices}`",
    label = "expected `[.., m, k]` for `[.., m, n]`"
)]
pub trait FitsRowsOf<Matrices>: Shape {
    /// `[.., n, k]`: what the matrices make the right sides of.
    type Output: Ranked;
}

impl<Matrices, Sides> FitsRowsOf<Matrices> for Sides
where
    Matrices: Transpose + ReduceAxis<-1>,
    Sides: ReduceAxis<-1>,
    <Matrices as ReduceAxis<-1>>::Kept: SameShape<<Sides as ReduceAxis<-1>>::Kept>,
    <Matrices as Transpose>::Output: ReduceAxis<-1>,
{
    type Output = <<Matrices as Transpose>::Output as ReduceAxis<-1>>::With<<Sides as ReduceAxis<-1>>::Axis>;
}

/// Products `[.., k, n]` of something with matrices `[.., n, n]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no product of something with the matrices `{Matrices}`",
    label = "expected `[.., k, n]` for `[.., n, n]`"
)]
pub trait SolvesRight<Matrices>: Shape {}

impl<Matrices, Sides> SolvesRight<Matrices> for Sides
where
    Matrices: Square + ReduceAxis<-2>,
    Sides: ReduceAxis<-2>,
    <Matrices as ReduceAxis<-2>>::Kept: SameShape<<Sides as ReduceAxis<-2>>::Kept>,
{
}
