//! A parameter: a typed view of a model's flat buffer.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::Axes;
use crate::nn::{Builder, Init, Module, Walk};
use crate::shape::{Axis, Dynamic, Ranked, Shape};
use crate::tape::{Entry, Flat, Track, Value};
use crate::tensors::Tensor;

/// A tensor that an optimizer changes. It reads as the [`Tensor`] that it holds.
///
/// A clone of the parameter is a copy; a clone of the tensor that it holds, `(*parameter).clone()`, follows the parameter.
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
        Self::over(value)
    }

    /// Another handle on a parameter.
    pub(crate) fn over(value: Value) -> Self {
        Self {
            tensor: Tensor::of(value),
        }
    }

    /// A parameter of its own that begins as a copy of a tensor: any computation over it can be trained.
    ///
    /// # Errors
    /// Where the tensor could not be computed, or the device has no room.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![5., -3.])?;
    /// let mut sgd = Sgd::new(0.1);
    /// for _ in 0..100 {
    ///     x.square().sum().backward();
    ///     sgd.step(&mut x)?;
    /// }
    /// assert!(x.abs().max().item()? < 1e-6);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn from_tensor(tensor: &Tensor<S, T>) -> Result<Self> {
        let values = tensor.value().copied();
        values.buffer.check()?;
        let entry = Entry {
            name: "parameter".into(),
            offset: 0,
            sizes: tensor.sizes().into(),
        };
        Ok(Self::new(&Flat::new(values.buffer, vec![entry]), 0))
    }

    /// The same parameter with rank and sizes at run time.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x: Parameter<Dynamic> = Parameter::from_tensor(&tensor![1., 2.])?.into_dynamic();
    /// assert_eq!(x.to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn into_dynamic(self) -> Parameter<Dynamic, T> {
        Parameter {
            tensor: self.tensor.into_dynamic(),
        }
    }

    /// The same parameter in another shape type, which is checked.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Parameter::from_tensor(&tensor![1., 2.].into_dynamic())?;
    /// let x: Parameter<dims![2]> = x.try_into_shape()?;
    /// assert_eq!(*x, tensor![1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes are not those of `To`, by axis.
    pub fn try_into_shape<To: Shape>(self) -> Result<Parameter<To, T>> {
        let tensor = self.tensor.try_into_shape()?;
        Ok(Parameter { tensor })
    }

    /// Takes over the elements of a tensor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1., 2.])?;
    /// x.set(&tensor![3., 4.])?;
    /// assert_eq!(*x, tensor![3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes differ, or the tensor could not be computed.
    pub fn set(&mut self, tensor: &Tensor<S, T>) -> Result<()> {
        self.overwrite(tensor)
    }

    /// The same behind `&self`, for layers that change their parameters in a forward.
    pub(crate) fn overwrite(&self, tensor: &Tensor<S, T>) -> Result<()> {
        tensor.value().buffer.check()?;
        if tensor.sizes() != self.sizes() {
            return Err(Error::shape(
                "set",
                self.value().layout.describe(),
                tensor.value().layout.describe(),
            ));
        }
        // A view of a parameter, perhaps of this very one, is read before this one is written: no two guards at once.
        let source = if tensor.device() != self.device() {
            tensor.value().moved(self.device())
        } else if tensor.value().buffer.guard().is_some() {
            tensor.value().copied()
        } else {
            // Whether it can be read at all shows before anything is written.
            tensor.value().contiguous().into_value()
        };
        source.buffer.check()?;
        let _writing = self.flat().write_some(self.index()..self.index() + 1);
        self.device().backend().copy(source.view(), self.value().view());
        Ok(())
    }

    /// Whether it is to stay as it is: see [`Trainable::freeze`](crate::Trainable::freeze).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = Parameter::from_tensor(&tensor![1.])?;
    /// x.freeze();
    /// assert!(x.is_frozen());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn is_frozen(&self) -> bool {
        self.flat().is_frozen(self.index())
    }

    pub(crate) fn flat(&self) -> &Arc<Flat> {
        match &self.value().track {
            Track::Parameter(flat, _) => flat,
            Track::Constant | Track::Leaf(_) | Track::Node(_) | Track::Own => {
                unreachable!("`new` above sets the track")
            }
        }
    }

    pub(crate) fn index(&self) -> usize {
        match self.value().track {
            Track::Parameter(_, index) => index,
            Track::Constant | Track::Leaf(_) | Track::Node(_) | Track::Own => {
                unreachable!("`new` above sets the track")
            }
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
        self.as_frozen(Self::new(&Flat::new(values.buffer, vec![own]), 0))
    }
}

impl<S: Shape, T: Float> Parameter<S, T> {
    /// A parameter of the same elements on another device.
    pub(crate) fn moved(self, device: Device) -> Result<Self> {
        if self.device() == device {
            return Ok(self);
        }
        self.copied(device)
    }

    /// Goes to another device.
    pub(crate) fn relocate(&mut self, device: Device) -> Result<()> {
        if self.device() != device {
            *self = self.copied(device)?;
        }
        Ok(())
    }

    /// A copy on another device.
    fn copied(&self, device: Device) -> Result<Self> {
        let values = self.value().moved(device);
        values.buffer.check()?;
        let own = Entry {
            offset: 0,
            ..self.flat().entry(self.index()).clone()
        };
        Ok(self.as_frozen(Self::new(&Flat::new(values.buffer, vec![own]), 0)))
    }

    /// A copy of this one, as frozen as this one is.
    fn as_frozen(&self, copy: Self) -> Self {
        copy.flat().set_frozen(0, self.is_frozen());
        copy
    }
}

/// That every size has a value. The compiler of models asks for it where it sees the size; what it does not see ends here, when compiling.
pub(crate) const fn all_settled(axes: &[Axis]) {
    let mut axis = 0;
    while axis < axes.len() {
        if axes[axis].size.is_none() {
            panic!("a size that is known only at run time is given to a model whose parameters are made for it");
        }
        axis += 1;
    }
}

/// A field of a model: it begins as zeros, where `#[init(..)]` does not say otherwise.
impl<S: Ranked, T: Float> Module<T> for Parameter<S, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        const { all_settled(S::AXES) }
        let sizes: Axes<usize> = S::AXES.iter().filter_map(|axis| axis.size).collect();
        builder.own(&sizes, Init::Constant(0.0))
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.own(self);
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
