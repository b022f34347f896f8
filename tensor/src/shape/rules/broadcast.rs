//! Broadcasting: shapes are aligned on the right, and an axis of size 1, or one that is missing on the left, is stretched.

use typenum::{B0, B1};

use super::ranks::aligned;
use crate::shape::dim::{Compare, Dim, Known, Same};
use crate::shape::shape::{Ranked, Shape};

/// The shape of `x + y`: `[batch, 784]` with `[784]` or `[batch, 1]` gives `[batch, 784]`.
///
/// A named size goes with the same name and with 1.
#[diagnostic::on_unimplemented(
    message = "the shapes `{Self}` and `{Rhs}` do not broadcast",
    label = "`{Rhs}` cannot be stretched to `{Self}`",
    note = "axes are compared from the right; two sizes go together if they are the same or one of them is 1"
)]
pub trait BroadcastWith<Rhs>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// The shape that two shapes broadcast to.
pub type Broadcast<A, B> = <A as BroadcastWith<B>>::Output;

/// The size of an axis of `x + y`: `Self` of the right one.
pub trait BroadcastDim<Left>: Dim {
    /// The larger: the one that is not 1.
    type Output: Dim;
}

impl<Left, Right> BroadcastDim<Left> for Right
where
    Right: Compare<Left> + StretchesTo<Left, Same<Right, Left>, Right::IsOne, Left::IsOne>,
    Left: Known,
{
    type Output = <Right as StretchesTo<Left, Same<Right, Left>, Right::IsOne, Left::IsOne>>::Output;
}

/// What [`BroadcastDim`] comes down to: both are the same, or one of them is 1.
///
/// The defaults are what fails: rustc leaves them out of the message.
#[diagnostic::on_unimplemented(
    message = "an axis of `{Left}` does not broadcast with one of `{Self}`",
    label = "`{Left}` on the left, `{Self}` on the right",
    note = "axes are compared from the right; two sizes go together if they are the same or one of them is 1"
)]
pub trait StretchesTo<Left, Same = B0, RightIsOne = B0, LeftIsOne = B0> {
    /// The size of the result.
    type Output: Dim;
}

#[diagnostic::do_not_recommend]
impl<Left: Dim, Right, RightIsOne, LeftIsOne> StretchesTo<Left, B1, RightIsOne, LeftIsOne> for Right {
    type Output = Left;
}

#[diagnostic::do_not_recommend]
impl<Left: Dim, Right> StretchesTo<Left, B0, B1, B0> for Right {
    type Output = Left;
}

#[diagnostic::do_not_recommend]
impl<Left, Right: Dim> StretchesTo<Left, B0, B0, B1> for Right {
    type Output = Right;
}

/// `broadcast!(X Y; A B, C D)`: (X, Y, A, C) with (B, D), and the other way round.
macro_rules! broadcast {
    (; $($a:ident $b:ident),*) => {
        impl<$($a, $b),*> BroadcastWith<($($b,)*)> for ($($a,)*)
        where
            $($a: Dim, $b: BroadcastDim<$a>,)*
        {
            type Output = ($(<$b as BroadcastDim<$a>>::Output,)*);
        }
    };
    ($($more:ident)+; $($a:ident $b:ident),*) => {
        impl<$($more: Dim,)+ $($a, $b),*> BroadcastWith<($($b,)*)> for ($($more,)+ $($a,)*)
        where
            $($a: Dim, $b: BroadcastDim<$a>,)*
        {
            type Output = ($($more,)+ $(<$b as BroadcastDim<$a>>::Output,)*);
        }

        impl<$($more: Dim,)+ $($a, $b),*> BroadcastWith<($($more,)+ $($b,)*)> for ($($a,)*)
        where
            $($a: Dim, $b: BroadcastDim<$a>,)*
        {
            type Output = ($($more,)+ $(<$b as BroadcastDim<$a>>::Output,)*);
        }
    };
}

aligned!(broadcast);
