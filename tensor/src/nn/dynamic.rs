//! Layers with sizes at run time, for models that are only known then.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::nn::{Builder, Init, Parameter, Seed, Walk, builder};
use crate::ops;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// `y = x W^T + b` over the last axis, with sizes at run time.
///
/// ```
/// use tensor::prelude::*;
/// let layer = tensor::dynamic::Linear::new(&Device::cpu(), Seed(0), 3, 2)?;
/// let y = layer.forward(&Tensor::<Dynamic>::from_vec(vec![1., 2., 3.], &[1, 3])?)?;
/// assert_eq!(y.sizes(), [1, 2]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Linear<T: Float = f32> {
    /// `[out, in]`.
    pub weight: Parameter<Dynamic, T>,
    /// `[out]`, if there is one.
    pub bias: Option<Parameter<Dynamic, T>>,
}

impl<T: Float> Linear<T> {
    /// A layer with fresh parameters, as PyTorch's.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, seed: Seed, inputs: usize, outputs: usize) -> Result<Self> {
        Self::fresh(device, seed, inputs, outputs, true)
    }

    /// A layer without bias.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn without_bias(device: &Device, seed: Seed, inputs: usize, outputs: usize) -> Result<Self> {
        Self::fresh(device, seed, inputs, outputs, false)
    }

    fn fresh(device: &Device, seed: Seed, inputs: usize, outputs: usize, bias: bool) -> Result<Self> {
        let init = Init::linear(inputs);
        let layer = builder::fresh_by::<T, Self>(*device, seed.0, &|builder: &mut Builder<'_>| Self {
            weight: builder.parameter("weight", &[outputs, inputs], init),
            bias: bias.then(|| builder.parameter("bias", &[outputs], init)),
        });
        layer.weight.value().buffer.check()?;
        Ok(layer)
    }

    /// `x W^T + b`, recorded for `backward`.
    ///
    /// # Errors
    /// Where the last axis of `x` is not as long as the layer has inputs.
    pub fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let inputs = self.weight.sizes()[1];
        if x.sizes().last() != Some(&inputs) {
            return Err(Error::shape(
                "linear",
                format!("a last axis of {inputs}"),
                describe(x.sizes()),
            ));
        }
        let bias = self.bias.as_ref().map(|bias| bias.value());
        Ok(Tensor::of(ops::linear::linear(x.value(), self.weight.value(), bias)))
    }

    /// Walks the parameters.
    pub fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        if let Some(bias) = &self.bias {
            walk.parameter("bias", bias);
        }
    }
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias` along the last axis, with its size at run time.
#[derive(Clone, Debug)]
pub struct LayerNorm<T: Float = f32> {
    /// `[features]`, starts as 1.
    pub weight: Parameter<Dynamic, T>,
    /// `[features]`, starts as 0.
    pub bias: Parameter<Dynamic, T>,
    /// Added to the variance.
    pub eps: f64,
}

impl<T: Float> LayerNorm<T> {
    /// A layer of its own; PyTorch's `eps` is 1e-5.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, features: usize, eps: f64) -> Result<Self> {
        let layer = builder::fresh_by::<T, Self>(*device, 0, &|builder: &mut Builder<'_>| Self {
            weight: builder.parameter("weight", &[features], Init::Constant(1.0)),
            bias: builder.parameter("bias", &[features], Init::Constant(0.0)),
            eps,
        });
        layer.weight.value().buffer.check()?;
        Ok(layer)
    }

    /// The normalised tensor, recorded for `backward`.
    ///
    /// # Errors
    /// Where the last axis of `x` is not as long as the layer has features.
    pub fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        if x.sizes().last() != Some(&self.weight.len()) {
            let expected = format!("a last axis of {}", self.weight.len());
            return Err(Error::shape("layer_norm", expected, describe(x.sizes())));
        }
        let out = ops::layer_norm::layer_norm(x.value(), self.weight.value(), self.bias.value(), self.eps);
        Ok(Tensor::of(out))
    }

    /// Walks the parameters.
    pub fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        walk.parameter("bias", &self.bias);
    }
}
