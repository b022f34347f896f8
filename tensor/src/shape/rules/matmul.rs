//! Matrix products, with the ranks that PyTorch's `matmul` takes.

use typenum::B1;

use super::broadcast::BroadcastWith;
use crate::shape::dim::{Compare, Dim, Same};
use crate::shape::shape::{Ranked, Shape};

/// The shape of `x.matmul(&y)`.
///
/// | `x` | `y` | product |
/// |---|---|---|
/// | `[k]` | `[k]` | `[]` |
/// | `[m, k]` | `[k]` | `[m]` |
/// | `[k]` | `[k, n]` | `[n]` |
/// | `[m, k]` | `[k, n]` | `[m, n]` |
/// | `[.., m, k]` | `[.., k, n]` | `[.., m, n]`, the axes in front broadcast |
/// | `[.., m, k]` | `[k]` | `[.., m]` |
/// | `[k]` | `[.., k, n]` | `[.., n]` |
pub trait MatMul<Rhs>: Shape {
    /// The shape of the product.
    type Output: Ranked;
}

impl<Left: Shape, Right: MultipliedBy<Left>> MatMul<Right> for Left {
    type Output = Right::Output;
}

/// The rule with the right operand as `Self`: one impl for each pair of ranks.
#[diagnostic::on_unimplemented(
    message = "there is no matrix product of `{Left}` and `{Self}`",
    label = "`{Self}` cannot stand on the right of `{Left}`",
    note = "a product takes `[.., m, k]` and `[.., k, n]`, or a vector `[k]` on either side"
)]
pub trait MultipliedBy<Left>: Shape {
    /// The shape of the product.
    type Output: Ranked;
}

/// The rows of the right operand are as many as the columns of the left.
#[diagnostic::on_unimplemented(
    message = "the inner sizes of a matrix product differ: the left has `{Columns}` columns, the right `{Self}` rows",
    label = "expected `{Columns}` rows, found `{Self}`"
)]
pub trait RowsFor<Columns>: Dim {}

impl<Rows, Columns> RowsFor<Columns> for Rows where Rows: Compare<Columns> + RowsMatch<Columns, Same<Rows, Columns>> {}

/// What [`RowsFor`] comes down to: `Same` is 1.
#[diagnostic::on_unimplemented(
    message = "the inner sizes of a matrix product differ: the left has `{Columns}` columns, the right `{Self}` rows",
    label = "expected `{Columns}` rows, found `{Self}`"
)]
pub trait RowsMatch<Columns, Same> {}

#[diagnostic::do_not_recommend]
impl<Rows, Columns> RowsMatch<Columns, B1> for Rows {}

/// The batch axes with the matrix axes behind them.
pub trait Append<Tail>: Shape {
    /// All of them.
    type Output: Ranked;
}

macro_rules! product {
    ($($batch:ident)*; $left:ty, $right:ty => $product:ty; $($size:ident)*) => {
        impl<$($batch: Dim,)* $($size: Dim,)* K, J> MultipliedBy<$left> for $right
        where
            K: Dim,
            J: RowsFor<K>,
        {
            type Output = $product;
        }
    };
}

product!(; (K,), (J,) => (););
product!(; (M, K), (J,) => (M,); M);
product!(; (K,), (J, N) => (N,); N);
product!(; (M, K), (J, N) => (M, N); M N);

/// A batch on one side: `[.., m, k]` by `[k]` or `[k, n]`, and the mirror images.
macro_rules! batch {
    ($($batch:ident)+) => {
        product!($($batch)+; ($($batch,)+ M, K), (J,) => ($($batch,)+ M); M);
        product!($($batch)+; ($($batch,)+ M, K), (J, N) => ($($batch,)+ M, N); M N);
        product!($($batch)+; (K,), ($($batch,)+ J, N) => ($($batch,)+ N); N);
        product!($($batch)+; (M, K), ($($batch,)+ J, N) => ($($batch,)+ M, N); M N);

        impl<$($batch: Dim,)+ M: Dim, N: Dim> Append<(M, N)> for ($($batch,)+) {
            type Output = ($($batch,)+ M, N);
        }
    };
}

batch!(A);
batch!(A B);
batch!(A B C);
batch!(A B C D);

/// A batch on both sides.
macro_rules! batches {
    ($($a:ident)+; $($b:ident)+) => {
        impl<$($a: Dim,)+ $($b: Dim,)+ M: Dim, K, J, N: Dim> MultipliedBy<($($a,)+ M, K)> for ($($b,)+ J, N)
        where
            K: Dim,
            J: RowsFor<K>,
            ($($a,)+): BroadcastWith<($($b,)+)>,
            <($($a,)+) as BroadcastWith<($($b,)+)>>::Output: Append<(M, N)>,
        {
            type Output = <<($($a,)+) as BroadcastWith<($($b,)+)>>::Output as Append<(M, N)>>::Output;
        }
    };
}

batches!(A; W);
batches!(A; W X);
batches!(A; W X Y);
batches!(A; W X Y Z);
batches!(A B; W);
batches!(A B; W X);
batches!(A B; W X Y);
batches!(A B; W X Y Z);
batches!(A B C; W);
batches!(A B C; W X);
batches!(A B C; W X Y);
batches!(A B C; W X Y Z);
batches!(A B C D; W);
batches!(A B C D; W X);
batches!(A B C D; W X Y);
batches!(A B C D; W X Y Z);
