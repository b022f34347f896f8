//! Whether all elements of two tensors are near.

use crate::element::Element;
use crate::error::Result;
use crate::ops::logical::Closeness;
use crate::shape::Shape;
use crate::tensors::Tensor;

impl<S: Shape, T: Element> Tensor<S, T> {
    /// Whether all elements are near those of another tensor, `|a - b| <= atol + rtol |b|`: [`isclose`](Tensor::isclose) everywhere.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, a tolerance is negative or NaN, or a tensor could not be computed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(tensor![1., 2.].allclose(&tensor![1.000001, 2.], tensor::Closeness::default())?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn allclose(&self, other: &Self, how: Closeness) -> Result<bool> {
        let (left, right) = (self.clone().into_dynamic(), other.clone().into_dynamic());
        left.isclose(&right, how)?.all().item()
    }
}
