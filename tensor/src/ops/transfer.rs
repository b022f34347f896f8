//! From one device to another.

use smallvec::smallvec;

use crate::device::Device;
use crate::element::Element;
use crate::error::Result;
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Step, Value, record};
use crate::tensors::Tensor;

/// The same elements on another device.
pub(crate) fn to(x: &Value, device: Device) -> Value {
    if x.device() == device {
        return x.clone();
    }
    let out = x.moved(device);
    if out.buffer.poison().is_some() {
        return out;
    }
    record("to", out, [x], || Rule::Plain(backward), |_| smallvec![x.sizes_only()])
}

/// The gradient goes back to where the elements came from.
fn backward(step: Step<'_>) -> Gradients {
    smallvec![Some(to(step.gradient, step.saved[0].device()))]
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The same elements on another device; itself, if it is there. The gradient comes back the same way.
    ///
    /// # Errors
    /// The error of the operation that should have computed them, or of the device: no room, or it was lost.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.];
    /// let device = Device::cuda(0).unwrap_or_default();
    /// assert_eq!(x.to(device)?.device(), device);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn to(&self, device: Device) -> Result<Self> {
        let out = to(self.value(), device);
        out.buffer.check()?;
        Ok(Self::of(out))
    }
}
