//! Broadcasting: shapes are aligned on the right, and an axis of size 1, or one that is missing on the left, is stretched.

use typenum::{B0, B1};

use crate::shape::dim::{Compare, Dim, Same};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::One;

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

/// The size of an axis of `x + y`.
pub trait BroadcastDim<Rhs>: Dim {
    /// The larger: the one that is not 1.
    type Output: Dim;
}

impl<A, B: Dim> BroadcastDim<B> for A
where
    A: Compare<B> + Compare<One>,
    B: Compare<One>,
    (Same<A, B>, Same<A, One>, Same<B, One>): SizesBroadcast<A, B>,
{
    type Output = <(Same<A, B>, Same<A, One>, Same<B, One>) as SizesBroadcast<A, B>>::Output;
}

/// What [`BroadcastDim`] comes down to, asked of three bits: both are the same, the left is 1, the right is 1.
#[diagnostic::on_unimplemented(
    message = "an axis of `{Left}` does not broadcast with one of `{Right}`",
    label = "`{Left}` on the left, `{Right}` on the right",
    note = "axes are compared from the right; two sizes go together if they are the same or one of them is 1"
)]
pub trait SizesBroadcast<Left, Right> {
    /// The size of the result.
    type Output: Dim;
}

#[diagnostic::do_not_recommend]
impl<Left: Dim, Right, LeftOne, RightOne> SizesBroadcast<Left, Right> for (B1, LeftOne, RightOne) {
    type Output = Left;
}

#[diagnostic::do_not_recommend]
impl<Left, Right: Dim> SizesBroadcast<Left, Right> for (B0, B1, B0) {
    type Output = Right;
}

#[diagnostic::do_not_recommend]
impl<Left: Dim, Right> SizesBroadcast<Left, Right> for (B0, B0, B1) {
    type Output = Left;
}

/// `broadcast!(left: X Y; A B, C D)`: (X, Y, A, C) with (B, D). `both` has no axis without a partner.
macro_rules! broadcast {
    (both: $($a:ident $b:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($a, $b),*> BroadcastWith<($($b,)*)> for ($($a,)*)
        where
            $($a: BroadcastDim<$b>, $b: Dim,)*
        {
            type Output = ($(<$a as BroadcastDim<$b>>::Output,)*);
        }
    };
    (either: $($more:ident)+; $($a:ident $b:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)+ $($a, $b),*> BroadcastWith<($($b,)*)> for ($($more,)+ $($a,)*)
        where
            $($a: BroadcastDim<$b>, $b: Dim,)*
        {
            type Output = ($($more,)+ $(<$a as BroadcastDim<$b>>::Output,)*);
        }

        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)+ $($a, $b),*> BroadcastWith<($($more,)+ $($b,)*)> for ($($a,)*)
        where
            $($a: BroadcastDim<$b>, $b: Dim,)*
        {
            type Output = ($($more,)+ $(<$a as BroadcastDim<$b>>::Output,)*);
        }
    };
}

broadcast!(both:);
broadcast!(both: A M);
broadcast!(both: A M, B N);
broadcast!(both: A M, B N, C O);
broadcast!(both: A M, B N, C O, D P);
broadcast!(both: A M, B N, C O, D P, E Q);
broadcast!(both: A M, B N, C O, D P, E Q, F R);
broadcast!(either: U;);
broadcast!(either: U; A M);
broadcast!(either: U; A M, B N);
broadcast!(either: U; A M, B N, C O);
broadcast!(either: U; A M, B N, C O, D P);
broadcast!(either: U; A M, B N, C O, D P, E Q);
broadcast!(either: U V;);
broadcast!(either: U V; A M);
broadcast!(either: U V; A M, B N);
broadcast!(either: U V; A M, B N, C O);
broadcast!(either: U V; A M, B N, C O, D P);
broadcast!(either: U V W;);
broadcast!(either: U V W; A M);
broadcast!(either: U V W; A M, B N);
broadcast!(either: U V W; A M, B N, C O);
broadcast!(either: U V W X;);
broadcast!(either: U V W X; A M);
broadcast!(either: U V W X; A M, B N);
broadcast!(either: U V W X Y;);
broadcast!(either: U V W X Y; A M);
broadcast!(either: U V W X Y Z;);
