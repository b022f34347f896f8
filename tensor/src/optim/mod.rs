//! Optimizers: how parameters follow their gradients.

mod adam;
mod clip;
mod sgd;
mod state;

pub use adam::{Adam, AdamW};
pub use clip::clip_grad_norm;
pub use sgd::Sgd;
pub(crate) use state::State;

use std::path::Path;

use crate::error::Result;
use crate::model::Model;
use crate::nn::{Walk, dynamic, layers};
use crate::shape::{Dim, Shape};
use crate::{Float, Parameter};

/// Anything that an optimizer can train: a model, a layer, a parameter, or a tuple of these.
pub trait Trainable {
    /// Walks the parameters.
    #[doc(hidden)]
    fn walk(&self, walk: &mut Walk<'_>);
}

impl<M: Model> Trainable for M {
    fn walk(&self, walk: &mut Walk<'_>) {
        self.visit(walk);
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

impl<T: Float> Trainable for dynamic::Linear<T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        self.visit(walk);
    }
}

impl<T: Float> Trainable for dynamic::LayerNorm<T> {
    fn walk(&self, walk: &mut Walk<'_>) {
        self.visit(walk);
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

/// An optimizer. Its state is its own; the parameters and gradients are the model's.
pub trait Optimizer {
    /// Moves every parameter that has a gradient, and uses the gradients up. A parameter that no backward reached stays as
    /// it is.
    ///
    /// # Errors
    /// What a backward ended with, or that there is no gradient at all. The parameters are then as they were.
    fn step<M: Trainable>(&mut self, model: &mut M) -> Result<()>;

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate, from the next step on.
    fn set_lr(&mut self, lr: f64);

    /// Writes the state (moments, step counts) to a safetensors file, under the names of the parameters.
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save<M: Trainable>(&self, model: &M, path: impl AsRef<Path>) -> Result<()>;

    /// Reads the state back: a resumed run goes on bit for bit. Options such as the learning rate are the caller's.
    ///
    /// # Errors
    /// Where the file cannot be read, is not safetensors, or is the state of another optimizer or model.
    fn load<M: Trainable>(&mut self, model: &M, path: impl AsRef<Path>) -> Result<()>;
}
