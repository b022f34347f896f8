//! Matrix products, with the ranks that PyTorch's `matmul` takes.

use typenum::{B1, Bit};

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
#[diagnostic::on_unimplemented(
    message = "there is no matrix product of `{Self}` and `{Rhs}`",
    label = "`{Rhs}` cannot stand on the right of `{Self}`",
    note = "a product takes `[.., m, k]` and `[.., k, n]`, or a vector `[k]` on either side"
)]
pub trait MatMul<Rhs>: Shape {
    /// The shape of the product.
    type Output: Ranked;
}

/// What the inner sizes of a product come down to, asked of a bit: only 1 has an answer.
#[diagnostic::on_unimplemented(
    message = "the inner sizes of a matrix product differ: the left has `{Columns}` columns, the right `{Rows}` rows",
    label = "expected `{Columns}` rows, found `{Rows}`"
)]
pub trait InnerSizesAgree<Columns, Rows>: Bit {}

#[diagnostic::do_not_recommend]
impl<Columns, Rows> InnerSizesAgree<Columns, Rows> for B1 {}

/// The batch axes with the matrix axes behind them.
pub trait Append<Tail>: Shape {
    /// All of them.
    type Output: Ranked;
}

macro_rules! product {
    ($($batch:ident)*; $left:ty, $right:ty => $product:ty; $($size:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* $($size: Dim,)* K, J> MatMul<$right> for $left
        where
            K: Compare<J>,
            J: Dim,
            Same<K, J>: InnerSizesAgree<K, J>,
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
        #[diagnostic::do_not_recommend]
        impl<$($a: Dim,)+ $($b: Dim,)+ M: Dim, K, J, N: Dim> MatMul<($($b,)+ J, N)> for ($($a,)+ M, K)
        where
            K: Compare<J>,
            J: Dim,
            Same<K, J>: InnerSizesAgree<K, J>,
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
