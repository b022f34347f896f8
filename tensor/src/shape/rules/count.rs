//! The number of elements of a shape, and the sum of its sizes, as a size.

use crate::shape::dim::Dim;
use crate::shape::expression::{AddDim, MultiplyDim, ProductOf, SumOf};
use crate::shape::shape::Ranked;
use crate::shape::size::One;

/// How many elements a shape has, worked out as far as the names in it let it be: `[batch, 28, 28]` has `batch * 784`.
pub trait Count: Ranked {
    /// The product of the sizes.
    type Elements: Dim;
}

/// The number of elements of `S`.
pub type Elements<S> = <S as Count>::Elements;

impl Count for () {
    type Elements = One;
}

impl<A: Dim> Count for (A,) {
    type Elements = A;
}

/// Lengths that an axis is cut into: how long it is.
pub trait Total {
    /// The sum of the sizes.
    type Sum: Dim;
}

impl<A: Dim> Total for (A,) {
    type Sum = A;
}

/// From the right, since names stand on the left: the static sizes are then neighbours.
macro_rules! count {
    ($first:ident $($rest:ident)+) => {
        impl<$first: Dim, $($rest: Dim),+> Count for ($first, $($rest),+)
        where
            ($($rest,)+): Count,
            $first: MultiplyDim<Elements<($($rest,)+)>>,
        {
            type Elements = ProductOf<$first, Elements<($($rest,)+)>>;
        }

        impl<$first, $($rest),+> Total for ($first, $($rest),+)
        where
            ($($rest,)+): Total,
            $first: AddDim<<($($rest,)+) as Total>::Sum>,
        {
            type Sum = SumOf<$first, <($($rest,)+) as Total>::Sum>;
        }
    };
}

count!(A B);
count!(A B C);
count!(A B C D);
count!(A B C D E);
count!(A B C D E F);
