//! What an optimizer can train.

use crate::element::Float;
use crate::nn::{Candidate, Parameter, Walk, layers};
use crate::shape::{Dim, Shape};

/// Anything that an optimizer can train: a model, a layer, a parameter, or a tuple of these.
pub trait Trainable {
    /// Walks the parameters, the buffers and the modes, under their names. One that is used twice is met twice.
    fn walk(&self, walk: &mut Walk<'_>);

    /// Has every parameter stay as it is: PyTorch's `requires_grad_(False)`.
    ///
    /// A frozen parameter gets no gradient and no step, and a backward does no work for it. What gradient it has is forgotten. A clone
    /// of a frozen parameter is frozen; files do not say what is.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Mlp = body: linear(2, 4) >> relu >> head: linear(4, 1) }
    /// let mut model = Mlp::new(&Device::cpu(), Seed(0));
    /// model.body.freeze();
    /// model.forward(&tensor![[1., 2.]]).sum().backward();
    /// assert!(model.body.weight.grad().is_none() && model.head.weight.grad().is_some());
    /// ```
    fn freeze(&mut self) {
        self.walk(&mut Walk::new(&mut |_, met| met.flat.set_frozen(met.index, true)));
    }

    /// Freezes the parameters that `chosen` says, and leaves the others as they are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut model = net!(linear(2, 3) >> relu >> linear(3, 1));
    /// model.freeze_where(|parameter| parameter.name.ends_with("bias"));
    /// assert!(model.2.bias.is_frozen() && !model.2.weight.is_frozen());
    /// ```
    fn freeze_where(&mut self, mut chosen: impl FnMut(Candidate<'_>) -> bool)
    where
        Self: Sized,
    {
        self.walk(&mut Walk::new(&mut |path, met| {
            let name = path.to_string();
            if chosen(Candidate::new(&name, met.value.sizes())) {
                met.flat.set_frozen(met.index, true);
            }
        }));
    }

    /// Has every parameter trained again.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut layer = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
    /// layer.freeze();
    /// layer.unfreeze();
    /// assert!(!layer.weight.is_frozen());
    /// ```
    fn unfreeze(&mut self) {
        self.walk(&mut Walk::new(&mut |_, met| met.flat.set_frozen(met.index, false)));
    }

    /// Forgets all gradients. An optimizer's step does that by itself; gradients of several backwards before it add up.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut layer = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
    /// layer.forward(&tensor![[1., 2.]]).sum().backward();
    /// layer.zero_grad();
    /// assert!(layer.weight.grad().is_none());
    /// ```
    fn zero_grad(&mut self) {
        self.walk(&mut Walk::new(&mut |_, met| met.flat.forget(met.index)));
    }
}

impl<I: Dim, O: Dim, T: Float, B: layers::LinearBias<O, T>> Trainable for layers::Linear<I, O, T, B> {
    fn walk(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        self.bias.visit(walk);
    }
}

impl<D: Dim, T: Float> Trainable for layers::LayerNorm<D, T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        walk.parameter("bias", &self.bias);
    }
}

impl<S: Shape, T: Float> Trainable for Parameter<S, T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        walk.parameter("parameter", self);
    }
}

macro_rules! tuples {
    ($(($($Name:ident $index:tt),+))*) => {
        $(
            impl<$($Name: Trainable),+> Trainable for ($($Name,)+) {
                fn walk(&self, walk: &mut Walk<'_>) {
                    $(walk.trainable(stringify!($index), &self.$index);)+
                }
            }
        )*
    };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
}
