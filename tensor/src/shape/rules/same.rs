//! Equal sizes, without stretching: what a loss asks of prediction and target, a layer of its input's features.

use typenum::B1;

use super::ranks::paired;
use crate::shape::dim::{Compare, Dim, Same};
use crate::shape::shape::Shape;

/// The two sizes are the same: what is given, `Self`, and what it has to be.
#[diagnostic::on_unimplemented(
    message = "expected an axis of `{Expected}`, found one of `{Self}`",
    label = "`{Expected}` and `{Self}` are two sizes"
)]
pub trait SameSize<Expected>: Dim {}

impl<Found, Expected> SameSize<Expected> for Found where
    Found: Compare<Expected> + IsSize<Expected, Same<Found, Expected>>
{
}

/// What [`SameSize`] comes down to: `Same` is 1.
#[diagnostic::on_unimplemented(
    message = "expected an axis of `{Expected}`, found one of `{Self}`",
    label = "`{Expected}` and `{Self}` are two sizes"
)]
pub trait IsSize<Expected, Same> {}

#[diagnostic::do_not_recommend]
impl<Found, Expected> IsSize<Expected, B1> for Found {}

/// The two shapes are the same, axis by axis: what has to be, `Self`, and what is given.
pub trait SameShape<Found>: Shape {}

impl<Expected: Shape, Found: IsShape<Expected>> SameShape<Found> for Expected {}

/// [`SameShape`] with the shape that is given as `Self`: one impl a rank.
//
// In the bounds of every rule `Self` is what is given, or the right operand, and what is on the left is the parameter. As long as
// that operand is not inferred no such bound can fail, so rustc does not settle on the one rank that is left.
#[diagnostic::on_unimplemented(
    message = "expected the shape `{Expected}`, found `{Self}`",
    label = "`{Expected}` and `{Self}` have different numbers of axes"
)]
pub trait IsShape<Expected>: Shape {}

macro_rules! same_shape {
    ($($a:ident $b:ident),*) => {
        impl<$($a: Dim, $b: Dim),*> IsShape<($($a,)*)> for ($($b,)*)
        where
            $($b: SameSize<$a>),*
        {
        }
    };
}

paired!(same_shape);
