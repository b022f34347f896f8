//! Between typed and dynamic tensors.

use crate::element::Element;
use crate::error::Error;
use crate::shape::{Dynamic, Ranked};
use crate::tensors::Tensor;

/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(tensor![[1., 2.], [3., 4.]]);
/// let typed = Tensor::<dims![Batch, 2]>::try_from(x.clone())?;
/// assert_eq!(typed.sum_axis::<-1>().sizes(), [2]);
/// let error = Tensor::<dims![Batch, 3]>::try_from(x).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`try_into_shape`: expected [batch, 3], \
///      found [2, 2] (expected `[batch, 3]`, found `[2, 2]`: axis 1 is 2 instead of 3)",
/// );
/// # Ok::<(), tensor::Error>(())
/// ```
impl<S: Ranked, T: Element> From<Tensor<S, T>> for Tensor<Dynamic, T> {
    fn from(typed: Tensor<S, T>) -> Self {
        typed.into_dynamic()
    }
}

impl<S: Ranked, T: Element> TryFrom<Tensor<Dynamic, T>> for Tensor<S, T> {
    type Error = Error;

    fn try_from(dynamic: Tensor<Dynamic, T>) -> Result<Self, Error> {
        dynamic.try_into_shape()
    }
}

impl<S: Ranked, T: Element> From<&Tensor<S, T>> for Tensor<Dynamic, T> {
    fn from(typed: &Tensor<S, T>) -> Self {
        typed.clone().into_dynamic()
    }
}
