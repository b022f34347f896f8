//! From and to the arrays of the crate `ndarray`.

use ndarray::{Array, ArrayBase, ArrayD, Data, Dimension, IxDyn};

use crate::device::Device;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

impl<T: Element, A: Data<Elem = T>, D: Dimension> From<&ArrayBase<A, D>> for Tensor<Dynamic, T> {
    /// A copy, whatever the strides of the array.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::from(&ndarray::array![[1f32, 2.], [3., 4.]].reversed_axes());
    /// assert_eq!(x.to_vec()?, [1., 3., 2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    fn from(array: &ArrayBase<A, D>) -> Self {
        let data: Vec<T> = array.iter().copied().collect();
        Self::of(Value::from_slice(Device::cpu(), array.shape(), &data))
    }
}

impl<T: Element, D: Dimension> From<Array<T, D>> for Tensor<Dynamic, T> {
    /// A copy, whatever the strides of the array.
    fn from(array: Array<T, D>) -> Self {
        Self::from(&array)
    }
}

impl<S: Shape, T: Element> TryFrom<&Tensor<S, T>> for ArrayD<T> {
    type Error = Error;

    /// A copy, row by row. `into_dimensionality` of `ndarray` makes the number of axes a type.
    ///
    /// # Errors
    /// The error of the operation that should have computed the tensor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let array = ndarray::ArrayD::try_from(&tensor![[1., 2.], [3., 4.]])?;
    /// assert_eq!(array[[1, 0]], 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    fn try_from(tensor: &Tensor<S, T>) -> Result<Self> {
        let sizes = IxDyn(tensor.sizes());
        Self::from_shape_vec(sizes, tensor.to_vec()?)
            .map_err(|error| Error::shape("try_from", "sizes that `ndarray` can have", error.to_string()))
    }
}
