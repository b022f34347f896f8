//! A linear layer whose weight lies the other way round.

use crate::element::Float;
use crate::nn::layers::LinearBias;
use crate::nn::{Builder, Init, Module, Parameter, Trainable, Walk};
use crate::ops;
use crate::shape::{Dim, LastAxis, settled};
use crate::tensors::Tensor;

/// `y = x W + b`: a [`Linear`](crate::layers::Linear) whose weight lies as `[In, Out]`, as those of GPT-2 do (`Conv1D` in transformers), so
/// that such files load. `linear(768, 2304, transposed = true)` in a chain.
///
/// ```
/// use tensor::prelude::*;
/// let mut model = net!(linear(2, 3, transposed = true));
/// model.0.weight.set(&tensor![[1., 2., 3.], [10., 20., 30.]])?;
/// model.0.bias.set(&tensor![0., 0., 100.])?;
/// assert_eq!(model.0.forward(&tensor![[1., 1.]]), tensor![[11., 22., 133.]]);
/// assert_eq!(model.forward(&tensor![[1., 1.]]), tensor![[11., 22., 133.]]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LinearTransposed<In: Dim, Out: Dim, T: Float = f32, Bias = Parameter<(Out,), T>> {
    /// `[In, Out]`.
    pub weight: Parameter<(In, Out), T>,
    /// `[Out]`, or `()`.
    pub bias: Bias,
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> Module<T> for LinearTransposed<In, Out, T, Bias> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let (inputs, outputs) = const { (settled::<In>(), settled::<Out>()) };
        let init = Init::linear(inputs);
        Self {
            weight: builder.parameter("weight", &[inputs, outputs], init),
            bias: Bias::build(builder, outputs, init),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        self.bias.visit(walk);
    }
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> LinearTransposed<In, Out, T, Bias> {
    /// `x W + b` over the last axis, recorded for `backward`.
    pub fn forward<S: LastAxis<Last = In>>(&self, x: &Tensor<S, T>) -> Tensor<S::With<Out>, T> {
        let weight = self.weight.value().transpose(0, 1);
        Tensor::of(ops::linear::linear(
            x.value(),
            &weight,
            self.bias.get().map(Tensor::value),
        ))
    }
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> Trainable for LinearTransposed<In, Out, T, Bias> {
    fn walk(&self, walk: &mut Walk<'_>) {
        self.visit(walk);
    }
}
