//! The same elements under another shape.

use typenum::{B1, Bit};

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
    Elements<From>: Compare<Elements<To>>,
    Same<Elements<From>, Elements<To>>: ElementsAgree<From, To, Elements<From>, Elements<To>>,
{
    type Output = To;
}

/// What [`Reshape`] comes down to, asked of a bit: only 1 has an answer.
#[diagnostic::on_unimplemented(
    message = "a shape of `{FromCount}` elements cannot be reshaped to one of `{ToCount}`",
    label = "`{From}` has `{FromCount}` elements, `{To}` has `{ToCount}`",
    note = "if the sizes are only known to fit at run time, go through `Tensor<Dynamic>`"
)]
pub trait ElementsAgree<From, To, FromCount, ToCount>: Bit {}

#[diagnostic::do_not_recommend]
impl<From, To, FromCount, ToCount> ElementsAgree<From, To, FromCount, ToCount> for B1 {}
