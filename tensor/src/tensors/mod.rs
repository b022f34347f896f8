//! Tensors: typed by shape and element, over a plain core.

mod create;
mod display;
mod gradient;
mod ranges;
mod read;
pub(crate) mod sizes;

use std::fmt;
use std::marker::PhantomData;

pub use create::Nested;
pub use gradient::Root;
pub use ranges::Number;
pub(crate) use ranges::counted;
pub use sizes::{ToSizes, Whole};

use crate::device::Device;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;

/// An array of numbers whose shape is a type: `Tensor<dims![Batch, 784]>`.
///
/// Device, strides and tape are values; only shape and element are types. Clones share the elements, which no operation
/// changes, save those of a `Parameter`. `Tensor<Dynamic>` has rank and sizes at run time; [`Tensor::try_into_shape`] checks and names them.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![[1., 2.], [3., 4.]];
/// let y: Tensor<dims![2, 1]> = x.matmul(&tensor![[1.], [10.]]);
/// assert_eq!(y, tensor![[21.], [43.]]);
/// ```
pub struct Tensor<S: Shape, T: Element = f32> {
    value: Value,
    types: PhantomData<fn() -> (S, T)>,
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// A typed view of a value whose shape and element type are known to be these.
    pub(crate) fn of(value: Value) -> Self {
        debug_assert_eq!(value.dtype(), T::DTYPE);
        debug_assert!(
            S::check(value.sizes()).is_ok(),
            "{:?} as {}",
            value.sizes(),
            S::describe()
        );
        Self {
            value,
            types: PhantomData,
        }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// The size of each axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2., 3.], [4., 5., 6.]].sizes(), [2, 3]);
    /// ```
    pub fn sizes(&self) -> &[usize] {
        self.value.sizes()
    }

    /// The number of elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2., 3.], [4., 5., 6.]].len(), 6);
    /// ```
    #[allow(clippy::len_without_is_empty, reason = "is_empty is below")]
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether there is no element.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(Tensor::<Dynamic>::zeros_of(&[3, 0])?.is_empty());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the elements are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].device(), Device::cpu());
    /// ```
    pub fn device(&self) -> Device {
        self.value.device()
    }

    /// The error of the operation that should have made this tensor, if it failed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let quotient = tensor![1i64].floor_divide_scalar(0);
    /// assert!(quotient.error().is_some());
    /// ```
    pub fn error(&self) -> Option<&Error> {
        self.value.buffer.poison()
    }

    /// The same elements in another shape type, which is checked.
    ///
    /// # Errors
    /// Where the sizes are not those of `To`, by axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.clone().try_into_shape::<dims![Batch, 2]>()?.at([1, 0])?, 3.);
    /// assert!(x.try_into_shape::<dims![Batch, 3]>().is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn try_into_shape<To: Shape>(self) -> Result<Tensor<To, T>> {
        To::check(self.sizes()).map_err(|error| Error::Shape {
            operation: "try_into_shape",
            expected: To::describe(),
            found: format!("{} ({error})", crate::layout::describe(self.value.sizes())),
        })?;
        Ok(Tensor {
            value: self.value,
            types: PhantomData,
        })
    }

    /// The same elements with rank and sizes at run time.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.reshape(&[-1])?.to_vec()?, [1., 2., 3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn into_dynamic(self) -> Tensor<Dynamic, T> {
        Tensor {
            value: self.value,
            types: PhantomData,
        }
    }
}

impl<S: Shape, T: Element> Clone for Tensor<S, T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            types: PhantomData,
        }
    }
}

impl<S: Shape, T: Element> PartialEq for Tensor<S, T> {
    /// Equal sizes and equal elements; a tensor that could not be computed equals nothing.
    fn eq(&self, other: &Self) -> bool {
        self.sizes() == other.sizes()
            && match (self.to_vec(), other.to_vec()) {
                (Ok(left), Ok(right)) => left == right,
                _ => false,
            }
    }
}

impl<S: Shape, T: Element> fmt::Debug for Tensor<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
