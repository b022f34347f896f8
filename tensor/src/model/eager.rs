//! The eager form of a generated model: the same graph, an operation a statement, on the tape.

use tensor_ops::Unary;

use crate::element::Float;
use crate::kernels::chain::Random;
use crate::layout::Axes;
use crate::model::pass::nested_random;
use crate::nn::Parameter;
use crate::nn::layers::{LayerNorm, Linear, LinearBias};
use crate::ops;
use crate::shape::{Dim, Dynamic};
use crate::tensors::Tensor;

/// What the eager form computes with. Its numbers are those of the generated form, dropout masks included.
#[derive(Clone, Copy, Debug)]
pub struct Eager {
    random: Option<Random>,
}

impl Eager {
    /// Without random numbers every dropout is the identity.
    pub(crate) fn new(random: Option<Random>) -> Self {
        Self { random }
    }

    /// An elementwise operation.
    pub fn unary<T: Float>(&self, op: Unary, x: &Tensor<Dynamic, T>) -> Tensor<Dynamic, T> {
        Tensor::of(ops::unary::unary(op, self.random, x.value()))
    }

    /// `x weight^T + bias`.
    pub fn linear<I: Dim, O: Dim, T: Float, B: LinearBias<O, T>>(
        &self,
        x: &Tensor<Dynamic, T>,
        layer: &Linear<I, O, T, B>,
    ) -> Tensor<Dynamic, T> {
        let bias = layer.bias.get().map(Tensor::value);
        Tensor::of(ops::linear::linear(x.value(), layer.weight.value(), bias))
    }

    /// The normalised rows.
    pub fn layer_norm<D: Dim, T: Float>(
        &self,
        x: &Tensor<Dynamic, T>,
        layer: &LayerNorm<D, T>,
        eps: f64,
    ) -> Tensor<Dynamic, T> {
        let value = |parameter: &Parameter<(D,), T>| parameter.value().clone();
        let (weight, bias) = (value(&layer.weight), value(&layer.bias));
        Tensor::of(ops::layer_norm::layer_norm(x.value(), &weight, &bias, eps))
    }

    /// The softmax of each row.
    pub fn softmax<T: Float>(&self, x: &Tensor<Dynamic, T>) -> Tensor<Dynamic, T> {
        x.softmax()
    }

    /// The logarithm of the softmax of each row.
    pub fn log_softmax<T: Float>(&self, x: &Tensor<Dynamic, T>) -> Tensor<Dynamic, T> {
        x.log_softmax()
    }

    /// All axes but the batch as one.
    pub fn flatten<T: Float>(&self, x: &Tensor<Dynamic, T>) -> Tensor<Dynamic, T> {
        let sizes: Axes<usize> = Axes::from_slice(&[x.sizes()[0], x.sizes()[1..].iter().product()]);
        Tensor::of(ops::view::reshape(x.value(), &sizes))
    }

    /// The share of a nested model.
    pub fn call(&self, streams: u32) -> Self {
        Self {
            random: self.random.map(|random| nested_random(random, streams)),
        }
    }
}
