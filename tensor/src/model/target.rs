//! [`Target`]: what a compiled step compares outputs with.

use crate::element::Element;
use crate::model::Model;
use crate::shape::{Batched, Dim, LastAxis};
use crate::tape::Value;
use crate::tensors::Tensor;

/// What a compiled step compares outputs with: what the loss says, in the batch of the inputs.
///
/// A loss of one's own says it by the type of its second argument: a tensor with [`Batch`](crate::Batch) in front, which stands for the batch of
/// the step; a tuple of such; or `()`, where there is nothing to compare with.
#[diagnostic::on_unimplemented(
    message = "a compiled step cannot compare outputs with `{Self}`",
    label = "expected a tensor such as `Tensor<dims![Batch, 10]>`, a tuple of such, or `()`"
)]
pub trait Target<M: Model>: Sized {
    /// What [`Step::run`](crate::Step::run) takes.
    type Tensor<B: Dim>;
    #[doc(hidden)]
    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self;
}

/// Classes, one for each row of the first output.
pub struct Labels(pub(super) Value);

/// Numbers of the shape of the first output.
pub struct Values(pub(super) Value);

impl<M: Model> Target<M> for Labels {
    type Tensor<B: Dim> = Tensor<<M::Output<B> as LastAxis>::Rest, i64>;

    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self {
        Self(tensor.value().contiguous().into_value())
    }
}

impl<M: Model> Target<M> for Values {
    type Tensor<B: Dim> = Tensor<M::Output<B>, M::Element>;

    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self {
        Self(tensor.value().contiguous().into_value())
    }
}

impl<M: Model, S: Batched, T: Element> Target<M> for Tensor<S, T> {
    type Tensor<B: Dim> = Tensor<S::Of<B>, T>;

    fn of<B: Dim>(tensor: &Self::Tensor<B>) -> Self {
        Self::of(tensor.value().clone())
    }
}

impl<M: Model> Target<M> for () {
    type Tensor<B: Dim> = ();

    fn of<B: Dim>((): &()) -> Self {}
}

macro_rules! targets {
    ($($Target:ident $target:ident),*) => {
        impl<Of: Model, $($Target: Target<Of>),*> Target<Of> for ($($Target,)*) {
            type Tensor<Size: Dim> = ($($Target::Tensor<Size>,)*);

            fn of<Size: Dim>(($($target,)*): &Self::Tensor<Size>) -> Self {
                ($($Target::of::<Size>($target),)*)
            }
        }
    };
}

targets!(A a, B b);
targets!(A a, B b, C c);
targets!(A a, B b, C c, D d);
