//! The cross-entropy with the product before it.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{ClassOptions, Classes, Reduction, linear_cross_entropy};
use crate::layout::describe;
use crate::nn::dynamic::{Linear, fresh, members};
use crate::nn::{Buffer, Init};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of [`LinearCrossEntropyLoss`].
#[derive(Clone, Debug)]
pub struct LinearCrossEntropyLossOptions<T: Float = f32> {
    /// The sizes of further axes of the logits, behind that of the classes. None.
    pub out_features: Vec<usize>,
    /// Whether there is a bias. No.
    pub bias: bool,
    /// A factor for each class. None.
    pub weight: Option<Tensor<Dynamic, T>>,
    /// The class that counts for nothing: -100, unless it is set.
    pub ignore_index: i64,
    /// How much of the target is spread over all classes: from 0 to 1, 0 unless it is set.
    pub label_smoothing: f64,
    /// What becomes of the losses of the elements. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for LinearCrossEntropyLossOptions<T> {
    fn default() -> Self {
        let ClassOptions::<T> {
            weight: _,
            ignore_index,
            label_smoothing,
            reduction,
        } = ClassOptions::default();
        Self {
            out_features: Vec::new(),
            bias: false,
            weight: None,
            ignore_index,
            label_smoothing,
            reduction,
        }
    }
}

/// `cross_entropy(x W^T + b, target)`: the last layer of a classifier and its loss. The input is `[batch, in]` or `[in]`, the target as of
/// [`cross_entropy`](crate::functional::cross_entropy) for logits `[batch, classes, out_features..]`.
///
/// Its state is that of a [`Linear`] named `linear`, with all logits in one axis, which starts as such.
///
/// ```
/// use tensor::dynamic::LinearCrossEntropyLoss;
/// use tensor::prelude::*;
/// let loss = LinearCrossEntropyLoss::new(&Device::cpu(), Seed(0), 3, 10)?;
/// let x = Tensor::<Dynamic>::zeros_of(&[2, 3])?;
/// let value = loss.forward(&x, &Tensor::from(vec![4, 7]))?.item()?;
/// assert!((value - 10f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LinearCrossEntropyLoss<T: Float = f32> {
    /// `[classes]`, if there are factors.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// What makes the logits.
    pub linear: Linear<T>,
    /// How many classes there are.
    pub num_classes: usize,
    /// The sizes of further axes of the logits.
    pub out_features: Vec<usize>,
    /// The class that counts for nothing.
    pub ignore_index: i64,
    /// How much of the target is spread over all classes.
    pub label_smoothing: f64,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

members!([T: Float] LinearCrossEntropyLoss<T> { weight, linear });

impl<T: Float> LinearCrossEntropyLoss<T> {
    /// A loss over so many classes.
    ///
    /// # Errors
    /// Where the device has no room.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::LinearCrossEntropyLoss;
    /// let loss = LinearCrossEntropyLoss::<f32>::new(&Device::cpu(), Seed(0), 3, 10)?;
    /// assert_eq!(loss.linear.weight.sizes(), [10, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, inputs: usize, num_classes: usize) -> Result<Self> {
        Self::with(
            device,
            seed,
            inputs,
            num_classes,
            LinearCrossEntropyLossOptions::default(),
        )
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{LinearCrossEntropyLoss, LinearCrossEntropyLossOptions};
    /// use tensor::functional::Reduction;
    /// use tensor::prelude::*;
    /// let options = LinearCrossEntropyLossOptions { reduction: Reduction::Sum, ..Default::default() };
    /// let loss = LinearCrossEntropyLoss::with(&Device::cpu(), Seed(0), 3, 10, options)?;
    /// let value = loss.forward(&Tensor::<Dynamic>::zeros_of(&[2, 3])?, &Tensor::from(vec![4, 7]))?.item()?;
    /// assert!((value - 2. * 10f32.ln()).abs() < 1e-5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room, there are other factors than one for each class, or `label_smoothing` is not from 0 to 1.
    pub fn with(
        device: &Device,
        seed: Seed,
        inputs: usize,
        num_classes: usize,
        options: LinearCrossEntropyLossOptions<T>,
    ) -> Result<Self> {
        if let Some(weight) = options.weight.as_ref().filter(|weight| weight.sizes() != [num_classes]) {
            let expected = format!("a weight of [{num_classes}], one for each class");
            return Err(Error::shape("linear_cross_entropy", expected, describe(weight.sizes())));
        }
        if !(0.0..=1.0).contains(&options.label_smoothing) {
            let found = options.label_smoothing;
            return Err(Error::argument("label_smoothing", "a number from 0 to 1", found));
        }
        let weight = options.weight.map(|weight| Buffer::from_tensor(&weight.to(*device)?));
        let weight = weight.transpose()?;
        let outputs = options
            .out_features
            .iter()
            .fold(num_classes, |all, &size| all.saturating_mul(size));
        let init = Init::linear(inputs);
        fresh::<T, Self>(device, seed, &|builder| Self {
            weight: weight.clone(),
            linear: builder.within("linear", |builder| {
                Linear::built(builder, [inputs, outputs], init, options.bias.then_some(init))
            }),
            num_classes,
            out_features: options.out_features.clone(),
            ignore_index: options.ignore_index,
            label_smoothing: options.label_smoothing,
            reduction: options.reduction,
        })
    }

    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where sizes do not fit, or a target is no class.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::LinearCrossEntropyLoss;
    /// let loss = LinearCrossEntropyLoss::<f32>::new(&Device::cpu(), Seed(0), 3, 10)?;
    /// loss.forward(&Tensor::randn(&[2, 3], 1)?, &Tensor::from(vec![4, 7]))?.sum().backward();
    /// assert!(loss.linear.weight.grad().is_some());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward<'a>(&self, x: &Tensor<Dynamic, T>, target: impl Into<Classes<'a, T>>) -> Result<Tensor<Dynamic, T>> {
        let mut sizes = vec![self.num_classes];
        sizes.extend(&self.out_features);
        let bias = match &self.linear.bias {
            Some(bias) => Some(bias.reshape(&sizes)?),
            None => None,
        };
        sizes.extend(self.linear.weight.sizes().last());
        let class_weight = self.weight.as_ref().map(Buffer::get);
        let options = ClassOptions {
            weight: class_weight.as_ref(),
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            reduction: self.reduction,
        };
        linear_cross_entropy(x, &self.linear.weight.reshape(&sizes)?, bias.as_ref(), target, options)
    }
}
