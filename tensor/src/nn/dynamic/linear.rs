//! Products with a weight.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional;
use crate::layout::describe;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Builder, Init, Parameter};
use crate::ops;
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// `y = x W^T + b` over the last axis: `[.., in]` to `[.., out]`.
///
/// Weight and bias start uniform in `[-1 / sqrt(in), 1 / sqrt(in))`.
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

members!([T: Float] Linear<T> { weight, bias });

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
    /// ```
    /// use tensor::dynamic::Linear;
    /// use tensor::prelude::*;
    /// let mut layer = Linear::without_bias(&Device::cpu(), Seed(0), 2, 1)?;
    /// layer.weight.set(&tensor![[1., 10.]].into_dynamic())?;
    /// assert_eq!(layer.forward(&tensor![[1., 2.]].into_dynamic())?.to_vec()?, [21.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn without_bias(device: &Device, seed: Seed, inputs: usize, outputs: usize) -> Result<Self> {
        Self::fresh(device, seed, inputs, outputs, false)
    }

    fn fresh(device: &Device, seed: Seed, inputs: usize, outputs: usize, bias: bool) -> Result<Self> {
        let init = Init::linear(inputs);
        fresh::<T, Self>(device, seed, &|builder| {
            Self::built(builder, [inputs, outputs], init, bias.then_some(init))
        })
    }

    /// A part of a larger module.
    pub(super) fn built(
        builder: &mut Builder<'_>,
        [inputs, outputs]: [usize; 2],
        weight: Init,
        bias: Option<Init>,
    ) -> Self {
        Self {
            weight: builder.parameter("weight", &[outputs, inputs], weight),
            bias: bias.map(|bias| builder.parameter("bias", &[outputs], bias)),
        }
    }
}

impl<T: Float> Layer<T> for Linear<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let inputs = self.weight.sizes()[1];
        if x.sizes().last() != Some(&inputs) {
            return Err(Error::shape(
                "linear",
                format!("a last axis of {inputs}"),
                describe(x.sizes()),
            ));
        }
        x.value().same_device("linear", self.weight.value())?;
        let bias = self.bias.as_ref().map(|bias| bias.value());
        Ok(Tensor::of(ops::linear::linear(x.value(), self.weight.value(), bias)))
    }
}

/// `y_k = a W_k b^T + bias_k` over the last axes: `[.., in1]` and `[.., in2]` to `[.., out]`.
///
/// Weight and bias start uniform in `[-1 / sqrt(in1), 1 / sqrt(in1))`.
///
/// ```
/// use tensor::prelude::*;
/// let layer = tensor::dynamic::Bilinear::new(&Device::cpu(), Seed(0), 3, 4, 2)?;
/// let (a, b) = (Tensor::<Dynamic>::zeros_of(&[5, 3])?, Tensor::zeros_of(&[5, 4])?);
/// assert_eq!(layer.forward(&a, &b)?.sizes(), [5, 2]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bilinear<T: Float = f32> {
    /// `[out, in1, in2]`.
    pub weight: Parameter<Dynamic, T>,
    /// `[out]`, if there is one.
    pub bias: Option<Parameter<Dynamic, T>>,
}

members!([T: Float] Bilinear<T> { weight, bias });

impl<T: Float> Bilinear<T> {
    /// A layer with fresh parameters, as PyTorch's.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, seed: Seed, inputs1: usize, inputs2: usize, outputs: usize) -> Result<Self> {
        Self::fresh(device, seed, [inputs1, inputs2], outputs, true)
    }

    /// A layer without bias.
    ///
    /// ```
    /// use tensor::dynamic::Bilinear;
    /// use tensor::prelude::*;
    /// let mut layer = Bilinear::without_bias(&Device::cpu(), Seed(0), 2, 1, 1)?;
    /// layer.weight.set(&tensor![[[1.], [10.]]].into_dynamic())?;
    /// let (a, b) = (tensor![[1., 2.]].into_dynamic(), tensor![[3.]].into_dynamic());
    /// assert_eq!(layer.forward(&a, &b)?.to_vec()?, [63.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn without_bias(device: &Device, seed: Seed, inputs1: usize, inputs2: usize, outputs: usize) -> Result<Self> {
        Self::fresh(device, seed, [inputs1, inputs2], outputs, false)
    }

    fn fresh(device: &Device, seed: Seed, [first, second]: [usize; 2], outputs: usize, bias: bool) -> Result<Self> {
        let init = Init::linear(first);
        fresh::<T, Self>(device, seed, &|builder| Self {
            weight: builder.parameter("weight", &[outputs, first, second], init),
            bias: bias.then(|| builder.parameter("bias", &[outputs], init)),
        })
    }

    /// The output, recorded for `backward`.
    ///
    /// # Errors
    /// Where the last axes are not `in1` and `in2`, or the others differ.
    pub fn forward(&self, a: &Tensor<Dynamic, T>, b: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::bilinear(a, b, &self.weight, self.bias.as_deref())
    }
}

/// `y = x`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity;

members!(Identity {});

impl<T: Float> Layer<T> for Identity {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        Ok(x.clone())
    }
}
