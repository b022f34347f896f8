//! A parameter: a typed view of a model's flat buffer.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::element::Float;
use crate::error::{Error, Result};
use crate::nn::{Flat, flat::Entry};
use crate::shape::{Dynamic, Shape};
use crate::tape::Track;
use crate::tensors::{Tensor, Value};

/// A tensor that an optimizer changes. It reads as the [`Tensor`] that it holds; a clone is a copy.
///
/// ```
/// use tensor::prelude::*;
/// let model = Linear::<dim![3], dim![2]>::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.weight.sizes(), [2, 3]);
/// let scaled = &*model.weight * 2.0;      // recorded: the parameter is a leaf
/// assert!(scaled.is_tracked());
/// ```
pub struct Parameter<S: Shape, T: Float = f32> {
    tensor: Tensor<S, T>,
}

impl<S: Shape, T: Float> Parameter<S, T> {
    /// The `index`-th parameter of a flat buffer; its sizes are those of `S`.
    pub(crate) fn new(flat: &Arc<Flat>, index: usize) -> Self {
        let entry = flat.entry(index);
        let mut value = Value::over(flat.values().clone(), &entry.sizes);
        value.offset = entry.offset;
        value.track = Track::Parameter(Arc::clone(flat), index);
        Self { tensor: Tensor::of(value) }
    }

    /// Takes over the elements of a tensor.
    ///
    /// # Errors
    /// Where the sizes differ, or the tensor could not be computed.
    pub fn set(&mut self, tensor: &Tensor<S, T>) -> Result<()> {
        tensor.value().buffer.check()?;
        if tensor.sizes() != self.sizes() {
            return Err(Error::shape(
                "set",
                self.value().layout.describe(),
                tensor.value().layout.describe(),
            ));
        }
        // A view of a parameter, perhaps of this very one, is read before this one is written: no two guards at once.
        let source = if tensor.value().buffer.guard().is_some() {
            tensor.value().copied()
        } else {
            tensor.value().clone()
        };
        source.buffer.check()?;
        let _writing = self.flat().write_some(self.index()..self.index() + 1);
        self.device().backend().copy(source.view(), self.value().view());
        Ok(())
    }

    pub(crate) fn flat(&self) -> &Arc<Flat> {
        match &self.value().track {
            Track::Parameter(flat, _) => flat,
            Track::Constant | Track::Leaf(_) | Track::Node(_) => unreachable!("`new` above sets the track"),
        }
    }

    pub(crate) fn index(&self) -> usize {
        match self.value().track {
            Track::Parameter(_, index) => index,
            Track::Constant | Track::Leaf(_) | Track::Node(_) => unreachable!("`new` above sets the track"),
        }
    }
}

impl<S: Shape, T: Float> Deref for Parameter<S, T> {
    type Target = Tensor<S, T>;

    fn deref(&self) -> &Tensor<S, T> {
        &self.tensor
    }
}

impl<S: Shape, T: Float> Clone for Parameter<S, T> {
    /// A copy with a buffer of its own.
    fn clone(&self) -> Self {
        let entry = self.flat().entry(self.index());
        let values = self.value().copied();
        let own = Entry {
            offset: 0,
            ..entry.clone()
        };
        Self::new(&Flat::new(values.buffer, vec![own]), 0)
    }
}

impl<S: Shape, T: Float> fmt::Debug for Parameter<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.tensor, f)
    }
}

/// A parameter with its name, as a model lists them.
#[derive(Clone, Debug)]
pub struct NamedParameter<T: Float = f32> {
    /// The name as in PyTorch: `hidden.0.weight`.
    pub name: String,
    /// The elements; they follow the model's, as the tensor is a view.
    pub tensor: Tensor<Dynamic, T>,
}
