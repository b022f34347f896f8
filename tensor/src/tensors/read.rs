//! Reading tensors on the host. Here the error of a failed operation comes out.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::shape::{Dynamic, Shape};
use crate::tensors::Tensor;

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The elements, row by row.
    ///
    /// # Errors
    /// The error of the operation that should have computed them.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].to_vec()?, [1., 2., 3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn to_vec(&self) -> Result<Vec<T>> {
        self.value().to_vec()
    }

    /// One element: `x.at([2, 3])`.
    ///
    /// # Errors
    /// Where the index is out of range, or the operation that should have computed the tensor failed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].at([1, 0])?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn at(&self, index: S::Index) -> Result<T> {
        let value = self.value();
        let mut offset = value.offset as isize;
        let (sizes, strides) = (value.sizes(), value.layout.strides());
        if index.as_ref().len() != sizes.len() {
            return Err(Error::shape(
                "at",
                format!("{} indices for {}", sizes.len(), value.layout.describe()),
                format!("{}", index.as_ref().len()),
            ));
        }
        for ((&at, &size), &stride) in index.as_ref().iter().zip(sizes).zip(strides) {
            if at >= size {
                return Err(Error::OutOfRange {
                    operation: "at",
                    what: "index",
                    index: at as i64,
                    size: value.layout.describe(),
                });
            }
            offset += at as isize * stride;
        }
        value.item(offset as usize)
    }
}

impl<T: Element> Tensor<(), T> {
    /// The number that a scalar is.
    ///
    /// # Errors
    /// The error of the operation that should have computed it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].sum().item()?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn item(&self) -> Result<T> {
        self.value().item(self.value().offset)
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The number in a tensor of one element, whatever its axes.
    ///
    /// # Errors
    /// Where there is not one element; the error of the operation that should have computed it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::from(vec![3.]).item()?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn item(&self) -> Result<T> {
        if self.len() != 1 {
            return Err(Error::shape("item", "one element", self.value().layout.describe()));
        }
        self.value().item(self.value().offset)
    }
}
