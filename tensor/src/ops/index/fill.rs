//! One number for many places.

use crate::device::Device;
use crate::element::Element;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

mod sealed {
    pub trait Sealed<T> {}
}

/// What many places can be filled with: a number, or a tensor without axes, to which a gradient goes.
pub trait Fill<T: Element>: sealed::Sealed<T> {
    /// As a tensor; a number on the device given.
    #[doc(hidden)]
    fn tensor(&self, device: Device) -> Tensor<Dynamic, T>;
}

impl<T: Element> sealed::Sealed<T> for T {}

impl<T: Element> Fill<T> for T {
    fn tensor(&self, device: Device) -> Tensor<Dynamic, T> {
        Tensor::of(Value::from_slice(device, &[], &[*self]))
    }
}

impl<S: Shape, T: Element> sealed::Sealed<T> for &Tensor<S, T> {}

impl<S: Shape, T: Element> Fill<T> for &Tensor<S, T> {
    fn tensor(&self, _: Device) -> Tensor<Dynamic, T> {
        (*self).clone().into_dynamic()
    }
}
