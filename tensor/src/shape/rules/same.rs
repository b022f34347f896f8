//! Equal sizes, without stretching: what a loss asks of prediction and target, a layer of its input's features.

use typenum::{B1, Bit};

use crate::shape::dim::{Compare, Dim, Same};
use crate::shape::shape::Shape;

/// The two sizes are the same.
pub trait SameSize<Rhs>: Dim {}

impl<A, B> SameSize<B> for A
where
    A: Compare<B>,
    Same<A, B>: SizesAgree<A, B>,
{
}

/// The question that [`SameSize`] comes down to, asked of a bit: only 1 has an answer.
#[diagnostic::on_unimplemented(
    message = "expected an axis of `{Expected}`, found one of `{Found}`",
    label = "`{Expected}` and `{Found}` are two sizes"
)]
pub trait SizesAgree<Expected, Found>: Bit {}

#[diagnostic::do_not_recommend]
impl<Expected, Found> SizesAgree<Expected, Found> for B1 {}

/// The two shapes are the same, axis by axis.
#[diagnostic::on_unimplemented(
    message = "expected the shape `{Self}`, found `{Rhs}`",
    label = "`{Self}` and `{Rhs}` have different numbers of axes"
)]
pub trait SameShape<Rhs>: Shape {}

macro_rules! same_shape {
    ($($a:ident $b:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($a: Dim, $b: Dim),*> SameShape<($($b,)*)> for ($($a,)*)
        where
            $($a: SameSize<$b>),*
        {
        }
    };
}

same_shape!();
same_shape!(A V);
same_shape!(A V, B W);
same_shape!(A V, B W, C X);
same_shape!(A V, B W, C X, D Y);
same_shape!(A V, B W, C X, D Y, E Z);
same_shape!(A U, B V, C W, D X, E Y, F Z);
