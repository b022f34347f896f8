//! The last two axes exchanged.

use super::ranks::batched;
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The shape of `x.t()`: `[.., m, n]` becomes `[.., n, m]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no two axes to exchange",
    label = "transposing takes a shape of two axes or more"
)]
pub trait Transpose: Shape {
    /// The shape with its last two axes exchanged.
    type Output: Ranked;
}

macro_rules! transpose {
    ($($batch:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)* M: Dim, N: Dim> Transpose for ($($batch,)* M, N) {
            type Output = ($($batch,)* N, M);
        }
    };
}

batched!(transpose);
