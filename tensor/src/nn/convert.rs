//! Layers made into others: with sizes as types, with sizes at run time, on another device.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::nn::layers::LinearBias;
use crate::nn::{dynamic, layers};
use crate::shape::Dim;

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> layers::Linear<In, Out, T, Bias> {
    /// The same layer with sizes at run time. The parameters stay where they are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = Linear::<dim![3], dim![2]>::new(&Device::cpu(), Seed(0)).into_dynamic();
    /// assert_eq!(layer.weight.sizes(), [2, 3]);
    /// ```
    pub fn into_dynamic(self) -> dynamic::Linear<T> {
        dynamic::Linear {
            weight: self.weight.into_dynamic(),
            bias: self.bias.into_dynamic(),
        }
    }
}

impl<T: Float> dynamic::Linear<T> {
    /// The same layer with its sizes as types, which are checked.
    ///
    /// # Errors
    /// Where the sizes are others, or there is no bias.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Linear::new(&Device::cpu(), Seed(0), 3, 2)?;
    /// let typed: Linear<dim![3], dim![2]> = layer.try_into_typed()?;
    /// assert_eq!(typed.into_dynamic().weight.sizes(), [2, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn try_into_typed<In: Dim, Out: Dim>(self) -> Result<layers::Linear<In, Out, T>> {
        let Some(bias) = self.bias else {
            return Err(Error::shape("try_into_typed", "a layer with a bias", "one without"));
        };
        Ok(layers::Linear {
            weight: self.weight.try_into_shape()?,
            bias: bias.try_into_shape()?,
        })
    }
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> layers::Linear<In, Out, T, Bias> {
    /// The same layer on another device. Optimizers begin anew with it: move first, then train.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = Linear::<dim![3], dim![2]>::new(&Device::cpu(), Seed(0)).to(Device::cpu())?;
    /// assert_eq!(layer.weight.device(), Device::cpu());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn to(self, device: Device) -> Result<Self> {
        Ok(Self {
            weight: self.weight.moved(device)?,
            bias: self.bias.moved(device)?,
        })
    }
}

impl<D: Dim, T: Float> layers::LayerNorm<D, T> {
    /// The same layer on another device. Optimizers begin anew with it: move first, then train.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = LayerNorm::<dim![3]>::new(&Device::cpu(), Seed(0)).to(Device::cpu())?;
    /// assert_eq!(layer.weight.device(), Device::cpu());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn to(self, device: Device) -> Result<Self> {
        Ok(Self {
            weight: self.weight.moved(device)?,
            bias: self.bias.moved(device)?,
        })
    }
}
