//! Shapes that get as many axes as an operation needs.

use super::ranks::batched;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::One;

/// A shape with axes of size 1 added until there are enough, where PyTorch adds them.
pub trait AtLeast: Shape {
    /// With one axis or more.
    type One: Ranked;
    /// With two or more: new ones in front.
    type Two: Ranked;
    /// With three or more: `[n]` is `[1, n, 1]`, `[m, n]` is `[m, n, 1]`.
    type Three: Ranked;
}

impl AtLeast for () {
    type One = (One,);
    type Two = (One, One);
    type Three = (One, One, One);
}

impl<N: Dim> AtLeast for (N,) {
    type One = (N,);
    type Two = (One, N);
    type Three = (One, N, One);
}

impl<M: Dim, N: Dim> AtLeast for (M, N) {
    type One = (M, N);
    type Two = (M, N);
    type Three = (M, N, One);
}

macro_rules! enough {
    // Two axes stand above.
    () => {};
    ($($more:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($more: Dim,)+ M: Dim, N: Dim> AtLeast for ($($more,)+ M, N) {
            type One = Self;
            type Two = Self;
            type Three = Self;
        }
    };
}

batched!(enough);
