//! Layers one after another.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::nn::dynamic::{Layer, Member, Module};
use crate::nn::{Trainable, Walk};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Layers one after another: `y = l_n(.. l_1(l_0(x)))`. The names of the layers are their positions, from 0 on.
///
/// ```
/// use tensor::dynamic::{Linear, Sequential, Tanh};
/// use tensor::prelude::*;
/// let model = Sequential::<f64>::new().then(Linear::new(&Device::cpu(), Seed(0), 3, 2)?).then(Tanh);
/// assert_eq!(model.forward(&Tensor::zeros_of(&[5, 3])?)?.sizes(), [5, 2]);
/// assert_eq!(model.len(), 2);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Sequential<T: Float = f32> {
    layers: Vec<Box<dyn Layer<T>>>,
}

impl<T: Float> Sequential<T> {
    /// Without layers: what comes out is what goes in.
    pub fn new() -> Self {
        Self::default()
    }

    /// With another layer at the end.
    #[must_use]
    pub fn then(mut self, layer: impl Layer<T> + 'static) -> Self {
        self.push(layer);
        self
    }

    /// Adds a layer at the end.
    ///
    /// ```
    /// use tensor::dynamic::{Relu, Sequential};
    /// use tensor::prelude::*;
    /// let mut model = Sequential::new();
    /// model.push(Relu);
    /// assert_eq!(model.forward(&tensor![-1., 2.].into_dynamic())?.to_vec()?, [0., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn push(&mut self, layer: impl Layer<T> + 'static) {
        self.layers.push(Box::new(layer));
    }

    /// The number of layers.
    pub fn len(&self) -> usize {
        self.layers.len()
    }

    /// Whether there is no layer.
    ///
    /// ```
    /// assert!(tensor::dynamic::Sequential::<f32>::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// The layers in order.
    ///
    /// ```
    /// use tensor::dynamic::{Relu, Sequential};
    /// use tensor::prelude::*;
    /// let model = Sequential::new().then(Relu).then(Relu);
    /// let mut x = tensor![-1., 2.].into_dynamic();
    /// for layer in model.iter() {
    ///     x = layer.forward(&x)?;
    /// }
    /// assert_eq!(x.to_vec()?, [0., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &dyn Layer<T>> {
        self.layers.iter().map(|layer| &**layer)
    }
}

impl<T: Float> Default for Sequential<T> {
    fn default() -> Self {
        Self { layers: Vec::new() }
    }
}

impl<T: Float> Clone for Sequential<T> {
    fn clone(&self) -> Self {
        Self {
            layers: self.layers.iter().map(|layer| layer.boxed()).collect(),
        }
    }
}

impl<T: Float> Trainable for Sequential<T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        for (position, layer) in self.layers.iter().enumerate() {
            walk.trainable(position, &**layer);
        }
    }
}

impl<T: Float> Module for Sequential<T> {
    fn relocate(&mut self, device: Device) -> Result<()> {
        Member::relocate(&mut self.layers, device)
    }
}

impl<T: Float> Layer<T> for Sequential<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        self.layers.iter().try_fold(x.clone(), |x, layer| layer.forward(&x))
    }
}
