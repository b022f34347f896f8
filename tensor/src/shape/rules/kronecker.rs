//! Kronecker products.

use typenum::{B0, B1};

use super::ranks::aligned;
use crate::shape::dim::{Dim, Known};
use crate::shape::expression::{MultiplyDim, ProductOf};
use crate::shape::shape::{Ranked, Shape};

/// What stands on the right of `Left` in a Kronecker product: `[m, n]` and `[p, q]` give `[m p, n q]`, and axes are aligned on the right.
//
// The operand that rustc infers is `Self`, as in all rules.
#[diagnostic::on_unimplemented(
    message = "there is no Kronecker product of `{Left}` and `{Self}`",
    label = "`{Self}` cannot stand on the right of `{Left}`"
)]
pub trait Kronecker<Left>: Shape {
    /// The shape of the product.
    type Output: Ranked;
}

/// The product of an axis of the left and one of the right operand, `Self`. A factor of 1 is not written down.
pub trait KroneckerAxis<Left, LeftIsOne, RightIsOne> {
    /// The size of the result.
    type Output: Dim;
}

#[diagnostic::do_not_recommend]
impl<Left, Right: Dim, RightIsOne> KroneckerAxis<Left, B1, RightIsOne> for Right {
    type Output = Right;
}

#[diagnostic::do_not_recommend]
impl<Left: Dim, Right> KroneckerAxis<Left, B0, B1> for Right {
    type Output = Left;
}

#[diagnostic::do_not_recommend]
impl<Left: MultiplyDim<Right>, Right> KroneckerAxis<Left, B0, B0> for Right {
    type Output = ProductOf<Left, Right>;
}

type Times<Left, Right> = <Right as KroneckerAxis<Left, <Left as Known>::IsOne, <Right as Known>::IsOne>>::Output;

macro_rules! kronecker {
    // As many axes, then more of the left operand, then more of the right.
    (; $($a:ident $b:ident),*) => {
        kronecker!(@impl; ; $($a $b),*);
    };
    ($($more:ident)+; $($a:ident $b:ident),*) => {
        kronecker!(@impl $($more)+; ; $($a $b),*);
        kronecker!(@impl ; $($more)+; $($a $b),*);
    };
    (@impl $($left:ident)*; $($right:ident)*; $($a:ident $b:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($left: Dim,)* $($right: Dim,)* $($a, $b),*> Kronecker<($($left,)* $($a,)*)> for ($($right,)* $($b,)*)
        where
            $($a: Known, $b: Known + KroneckerAxis<$a, <$a as Known>::IsOne, <$b as Known>::IsOne>),*
        {
            type Output = ($($left,)* $($right,)* $(Times<$a, $b>,)*);
        }
    };
}

aligned!(kronecker);
