//! What layers and losses ask of their inputs, beyond the rules of what they are made of.

use super::concat::Concat;
use super::contract::DistantFrom;
use super::last::LastAxis;
use super::matmul::MultipliedBy;
use super::ranks::{aligned, batched};
use super::same::{SameShape, SameSize};
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// A shape whose last axes are those of `Tail`: `[batch, seq, 64]` ends in `[seq, 64]`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not end in the axes `{Tail}`",
    label = "expected the axes `{Tail}` at the end"
)]
pub trait EndsIn<Tail>: Shape {
    /// The axes in front of them.
    type Rest: Ranked;
}

macro_rules! ends_in {
    ($($rest:ident)*; $($found:ident $expected:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($rest: Dim,)* $($found: SameSize<$expected>, $expected: Dim),*> EndsIn<($($expected,)*)>
            for ($($rest,)* $($found,)*)
        {
            type Rest = ($($rest,)*);
        }
    };
}

aligned!(ends_in);

/// Scores of classes: `[classes]`, or `[batch, classes, ..]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no scores of classes",
    label = "expected `[classes]`, `[batch, classes]` or `[batch, classes, ..]`"
)]
pub trait Scores: Shape {
    /// The axes without that of the classes.
    type Each: Ranked;
    /// The number of classes.
    type Classes: Dim;
}

impl<C: Dim> Scores for (C,) {
    type Each = ();
    type Classes = C;
}

macro_rules! scores {
    ($($more:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<M: Dim, N: Dim, $($more: Dim),*> Scores for (M, N, $($more),*) {
            type Each = (M, $($more,)*);
            type Classes = N;
        }
    };
}

batched!(scores);

/// The weights `[outputs, features]` of a linear layer of `Input`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no weights of a linear layer of `{Input}`",
    label = "expected `[outputs, features]` for `[.., features]`"
)]
pub trait WeightsOf<Input>: Shape {
    /// The shape of the result.
    type Output: LastAxis;
    /// The number of outputs.
    type Outputs: Dim;
}

impl<Input, O: Dim, I> WeightsOf<Input> for (O, I)
where
    Input: LastAxis,
    I: SameSize<Input::Last>,
{
    type Output = Input::With<O>;
    type Outputs = O;
}

/// The weights `[outputs, left, right]` of a layer of pairs of `Left` and `Right`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no weights of a bilinear layer of `{Left}` and `{Right}`",
    label = "expected `[outputs, m, n]` for `[.., m]` and `[.., n]`"
)]
pub trait WeightsOfPairs<Left, Right>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// The number of outputs.
    type Outputs: Dim;
}

impl<Left, Right, O: Dim, M, N> WeightsOfPairs<Left, Right> for (O, M, N)
where
    Left: LastAxis,
    Right: LastAxis,
    Left::Rest: SameShape<Right::Rest>,
    M: SameSize<Left::Last>,
    N: SameSize<Right::Last>,
{
    type Output = Left::With<O>;
    type Outputs = O;
}

/// Values `[.., s, d]` that queries `[.., l, e]` weigh by keys `[.., s, e]`.
pub trait Attended<Queries, Keys>: Shape {
    /// `[.., l, d]`.
    type Output: Ranked;
}

impl<Queries, Keys, Values> Attended<Queries, Keys> for Values
where
    Keys: DistantFrom<Queries>,
    Values: MultipliedBy<Keys::Output>,
{
    type Output = <Values as MultipliedBy<Keys::Output>>::Output;
}

/// Numbers of rows of a table, each of which becomes a row of `Width` numbers.
pub trait LooksUp<Width>: Shape {
    /// The shape of the rows.
    type Output: Ranked;
}

impl<Width: Dim, Numbers> LooksUp<Width> for Numbers
where
    Numbers: Concat<(Width,)>,
{
    type Output = <Numbers as Concat<(Width,)>>::Output;
}
