//! Matrices of any sizes, and their factors.

use typenum::{Min, Minimum};

use super::ranks::batched;
use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::SizeOf;

/// Matrices `[.., m, n]` of static sizes, which have factors: k of the smaller of the two.
#[diagnostic::on_unimplemented(
    message = "there are no factors of the matrices `{Self}`",
    label = "expected a shape `[.., m, n]`, with static sizes m and n"
)]
pub trait Matrices: Shape {
    /// `[.., m, k]`: k columns.
    type Columns: Ranked;
    /// `[.., k, n]`: k rows.
    type Rows: Ranked;
    /// `[.., k]`: k numbers.
    type Values: Ranked;
    /// `[.., m, m]`: what stands on the left of them.
    type Left: Ranked;
    /// `[.., n, n]`: what stands on the right of them.
    type Right: Ranked;
}

macro_rules! matrices {
    ($($batch:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: StaticDim, N: StaticDim> Matrices for ($($batch,)* M, N)
        where
            M::Number: Min<N::Number>,
            Minimum<M::Number, N::Number>: ToDecimal,
        {
            type Columns = ($($batch,)* M, SizeOf<Minimum<M::Number, N::Number>>);
            type Rows = ($($batch,)* SizeOf<Minimum<M::Number, N::Number>>, N);
            type Values = ($($batch,)* SizeOf<Minimum<M::Number, N::Number>>,);
            type Left = ($($batch,)* M, M);
            type Right = ($($batch,)* N, N);
        }
    };
}

batched!(matrices);
