//! The first axis: the batch.

use crate::shape::dim::Dim;
use crate::shape::shape::Ranked;

/// A shape of one axis or more, the first of which is the batch: the same with another batch.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::shape::Batched;
/// fn same<S: Batched>(x: &Tensor<S::Of<dim![2]>>) -> &[usize] { x.sizes() }
/// assert_eq!(same::<dims![Batch, 3]>(&Tensor::<dims![2, 3]>::zeros()), [2, 3]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no axis for the batch",
    label = "expected a shape such as `dims![Batch, 10]`"
)]
pub trait Batched: Ranked {
    /// The same axes behind another first one.
    type Of<B: Dim>: Ranked;
}

macro_rules! batched {
    ($($rest:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<First: Dim, $($rest: Dim,)*> Batched for (First, $($rest,)*) {
            type Of<Other: Dim> = (Other, $($rest,)*);
        }
    };
}

batched!();
batched!(A);
batched!(A B);
batched!(A B C);
batched!(A B C D);
batched!(A B C D E);
