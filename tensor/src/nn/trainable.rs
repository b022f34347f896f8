//! What an optimizer can train.

use crate::element::Float;
use crate::nn::{Parameter, Walk, layers};
use crate::shape::{Dim, Shape};

/// Anything that an optimizer can train: a model, a layer, a parameter, or a tuple of these.
pub trait Trainable {
    /// Walks the parameters, the buffers and the modes, under their names. One that is used twice is met twice.
    fn walk(&self, walk: &mut Walk<'_>);
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
