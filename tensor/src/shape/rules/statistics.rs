//! The shapes of statistics of several variables.

use std::ops::{Div, Mul, Sub};

use typenum::{Diff, Prod, Quot, U1, U2};

use crate::shape::decimal::ToDecimal;
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::SizeOf;

/// A variable a row, `[n, observations]`, or one variable alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no table of variables",
    label = "expected `[variables, observations]`, or `[observations]` of one variable"
)]
pub trait Variables: Shape {
    /// `[n, n]`: a number for each pair; of one variable `[]`.
    type Pairs: Ranked;
}

#[diagnostic::do_not_recommend]
impl<Observations: Dim> Variables for (Observations,) {
    type Pairs = ();
}

#[diagnostic::do_not_recommend]
impl<N: Dim, Observations: Dim> Variables for (N, Observations) {
    type Pairs = (N, N);
}

/// Things of which there are `n (n - 1) / 2` pairs.
#[diagnostic::on_unimplemented(
    message = "the number of pairs of `{Self}` things is not known when compiling",
    label = "expected a static size of 1 or more"
)]
pub trait InPairs: StaticDim {
    /// The number of pairs.
    type Output: StaticDim;
}

#[diagnostic::do_not_recommend]
impl<N: StaticDim> InPairs for N
where
    N::Number: Sub<U1>,
    Diff<N::Number, U1>: Mul<N::Number>,
    Prod<Diff<N::Number, U1>, N::Number>: Div<U2>,
    Quot<Prod<Diff<N::Number, U1>, N::Number>, U2>: ToDecimal,
{
    type Output = SizeOf<Quot<Prod<Diff<N::Number, U1>, N::Number>, U2>>;
}
