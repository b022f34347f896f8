//! The last axis: features, scores of classes.

use crate::shape::dim::Dim;
use crate::shape::shape::Ranked;

/// A shape of one axis or more, seen as rows along its last one: `[batch, 10]` has the rows `[batch]`, of 10.
///
/// It asks nothing of the sizes, so it holds for type parameters too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no last axis",
    label = "expected a shape of one axis or more"
)]
pub trait LastAxis: Ranked {
    /// The axes in front of it.
    type Rest: Ranked;
    /// Its size.
    type Last: Dim;
    /// The same axes in front of another last one.
    type With<Other: Dim>: LastAxis;
}

macro_rules! last_axis {
    ($($rest:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($rest: Dim,)* Last: Dim> LastAxis for ($($rest,)* Last,) {
            type Rest = ($($rest,)*);
            type Last = Last;
            type With<Other: Dim> = ($($rest,)* Other,);
        }
    };
}

last_axis!();
last_axis!(A);
last_axis!(A B);
last_axis!(A B C);
last_axis!(A B C D);
last_axis!(A B C D E);
