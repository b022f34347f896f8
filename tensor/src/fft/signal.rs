//! What can be transformed.

use super::{Complex, Tensor};
use crate::element::{Element, Float};
use crate::error::Result;
use crate::ops::cast::to_float;
use crate::ops::flip::roll;
use crate::shape::Shape;
use crate::tape::Value;

mod sealed {
    pub trait Sealed {}
}

/// What can be transformed: real tensors (whole numbers and truth values as `f32`) and complex ones. Floats of 16 bits are not among them:
/// `x.cast::<f32>()` first.
pub trait Signal: sealed::Sealed {
    /// The element type of the result.
    type Real: Float;

    /// The same numbers as complex ones.
    fn to_complex(&self) -> Complex<Self::Real>;
}

impl<S: Shape, T: Element<Float: Float>> sealed::Sealed for crate::tensors::Tensor<S, T> {}

impl<S: Shape, T: Element<Float: Float>> Signal for crate::tensors::Tensor<S, T> {
    type Real = T::Float;

    fn to_complex(&self) -> Complex<T::Float> {
        Complex::from_real(&Tensor::of(real(self)))
    }
}

impl<T: Float, S: Shape> sealed::Sealed for Complex<T, S> {}

impl<T: Float, S: Shape> Signal for Complex<T, S> {
    type Real = T;

    fn to_complex(&self) -> Complex<T> {
        Complex::of(self.value().clone())
    }
}

/// Pairs along a last axis.
pub(super) fn pairs(x: &impl Signal) -> Value {
    x.to_complex().value().clone()
}

/// Real numbers; of complex ones there is no half transform.
pub(super) fn real<S: Shape, T: Element<Float: Float>>(x: &crate::tensors::Tensor<S, T>) -> Value {
    to_float(x.value())
}

/// The sizes without the axis of the pairs.
pub(super) fn sizes(pairs: &Value) -> &[usize] {
    &pairs.sizes()[..pairs.layout.rank() - 1]
}

/// What [`fftshift`](super::fftshift) moves: tensors of any elements, and complex ones.
pub trait Rolled: Sized {
    #[doc(hidden)]
    fn axes(&self) -> Vec<usize>;
    #[doc(hidden)]
    fn rolled(&self, shifts: &[isize], axes: &[isize]) -> Result<Self>;
}

impl<T: Element> Rolled for Tensor<T> {
    fn axes(&self) -> Vec<usize> {
        self.sizes().to_vec()
    }

    fn rolled(&self, shifts: &[isize], axes: &[isize]) -> Result<Self> {
        roll(self.value(), shifts, axes).map(Self::of)
    }
}

impl<T: Float> Rolled for Complex<T> {
    fn axes(&self) -> Vec<usize> {
        self.sizes().to_vec()
    }

    fn rolled(&self, shifts: &[isize], axes: &[isize]) -> Result<Self> {
        roll(self.value(), shifts, axes).map(Self::of)
    }
}
