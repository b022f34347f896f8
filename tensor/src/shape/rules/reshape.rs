//! The same elements under another shape.

use typenum::B1;

use super::count::{Count, Elements};
use crate::shape::dim::{Compare, Same};
use crate::shape::shape::{Ranked, Shape};

/// A shape with as many elements: `x.reshape::<dims![Batch, 784]>()` of a `[batch, 28, 28]`.
///
/// Names count as unknowns: `[batch, 28, 28]` is `[batch, 784]` for every batch, and `[batch, 783]` for none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be reshaped to `{To}` when compiling",
    label = "the number of elements of one of them is not known here"
)]
pub trait Reshape<To>: Shape {
    /// `To`.
    type Output: Ranked;
}

impl<From, To> Reshape<To> for From
where
    From: Count,
    To: Count,
    Elements<To>: Compare<Elements<From>>,
    Elements<To>: Holds<Elements<From>, Same<Elements<To>, Elements<From>>>,
{
    type Output = To;
}

/// What [`Reshape`] comes down to, for the numbers of elements: `Same` is 1.
#[diagnostic::on_unimplemented(
    message = "`{Given}` elements cannot be reshaped to `{Self}`",
    label = "the shape has `{Given}` elements, and `{Self}` are asked for",
    note = "sizes that fit only at run time go through `Tensor<Dynamic>`"
)]
pub trait Holds<Given, Same> {}

#[diagnostic::do_not_recommend]
impl<Asked, Given> Holds<Given, B1> for Asked {}
