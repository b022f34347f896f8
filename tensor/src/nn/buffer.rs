//! A buffer of a layer: what it keeps beside its parameters.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::device::Device;
use crate::element::{Element, Float};
use crate::error::{Error, Result};
use crate::layout::Axes;
use crate::nn::parameter::all_settled;
use crate::nn::{Builder, Module, Walk};
use crate::shape::{Dynamic, Ranked, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// Where the elements of a buffer are. They are replaced and never written, so that whoever has them keeps what he has.
#[derive(Debug)]
pub struct Cell {
    value: RwLock<Value>,
    /// Whoever makes new elements of the old ones.
    turn: Mutex<()>,
}

impl Cell {
    pub(crate) fn new(value: Value) -> Arc<Self> {
        Arc::new(Self {
            value: RwLock::new(value),
            turn: Mutex::default(),
        })
    }

    /// The elements there are now.
    pub(crate) fn value(&self) -> Value {
        self.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps others from making new elements of the old ones meanwhile.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts others of the same sizes, element type and device in their place.
    pub(crate) fn replace(&self, value: Value) {
        *self.value.write().unwrap_or_else(PoisonError::into_inner) = value;
    }

    /// The same elements on a device, in a cell of their own.
    pub(crate) fn moved(&self, device: Device) -> Result<Arc<Self>> {
        let value = self.value();
        let value = if value.device() == device {
            value
        } else {
            value.moved(device)
        };
        value.buffer.check()?;
        Ok(Self::new(value))
    }
}

/// A tensor that a layer keeps beside its parameters: running statistics, a counter, a fixed table. PyTorch's `nn.Buffer`.
///
/// A field of a model (`mean: Buffer<64>`) is a value of its forward by its name, as a `Parameter` is; it begins as zeros, or as the one number that
/// `#[init(ones)]` or `#[init(constant(0.5))]` says.
///
/// It is saved, loaded and moved with the layer, and no optimizer changes it. A forward may replace its elements behind `&self`; who
/// got them before keeps the old ones. A clone is a copy.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::Buffer;
/// let count = Buffer::from_tensor(&tensor![0i64])?;
/// let before = count.get();
/// count.update(|count| Ok(count + 1))?;
/// assert_eq!((before, count.get()), (tensor![0i64], tensor![1i64]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub struct Buffer<S: Shape = Dynamic, T: Element = f32> {
    cell: Arc<Cell>,
    types: PhantomData<fn() -> (S, T)>,
}

impl<S: Shape, T: Element> Buffer<S, T> {
    pub(crate) fn of(value: Value) -> Self {
        Self::over(Cell::new(value))
    }

    pub(crate) fn over(cell: Arc<Cell>) -> Self {
        Self {
            cell,
            types: PhantomData,
        }
    }

    /// A buffer that begins with the elements of a tensor.
    ///
    /// # Errors
    /// Where the tensor could not be computed.
    pub fn from_tensor(tensor: &Tensor<S, T>) -> Result<Self> {
        kept(tensor).map(Self::of)
    }

    /// The elements there are now.
    pub fn get(&self) -> Tensor<S, T> {
        Tensor::of(self.cell.value())
    }

    /// Takes over the elements of a tensor, which are moved to where the buffer is.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mean = tensor::Buffer::from_tensor(&tensor![0., 0.])?;
    /// mean.set(&tensor![1., 2.])?;
    /// assert_eq!(mean.get(), tensor![1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes differ, or the tensor could not be computed.
    pub fn set(&self, tensor: &Tensor<S, T>) -> Result<()> {
        self.update(|_| Ok(tensor.clone()))
    }

    /// Puts what `change` makes of the elements in their place; other updates wait meanwhile, so that none is lost.
    ///
    /// # Errors
    /// That of `change`; or where the sizes of its result differ, or it could not be computed. The elements stay then.
    pub fn update(&self, change: impl FnOnce(&Tensor<S, T>) -> Result<Tensor<S, T>>) -> Result<()> {
        let _turn = self.cell.turn();
        let before = self.get();
        let after = kept(&change(&before)?)?;
        if after.sizes() != before.sizes() {
            return Err(Error::shape(
                "set",
                before.value().layout.describe(),
                after.layout.describe(),
            ));
        }
        let after = match after.device() == before.device() {
            true => after,
            false => after.moved(before.device()),
        };
        after.buffer.check()?;
        self.cell.replace(after);
        Ok(())
    }

    pub(crate) fn cell(&self) -> &Arc<Cell> {
        &self.cell
    }

    /// The same buffer with rank and sizes at run time.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mean: tensor::Buffer<Dynamic> = tensor::Buffer::from_tensor(&tensor![1., 2.])?.into_dynamic();
    /// assert_eq!(mean.get().to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn into_dynamic(self) -> Buffer<Dynamic, T> {
        Buffer::over(self.cell)
    }

    /// The same buffer in another shape type, which is checked.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mean = tensor::Buffer::from_tensor(&tensor![1., 2.].into_dynamic())?;
    /// let mean: tensor::Buffer<dims![2]> = mean.try_into_shape()?;
    /// assert_eq!(mean.get(), tensor![1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the sizes are not those of `To`, by axis.
    pub fn try_into_shape<To: Shape>(self) -> Result<Buffer<To, T>> {
        self.get().try_into_shape::<To>()?;
        Ok(Buffer::over(self.cell))
    }

    /// A buffer of the same elements on another device.
    pub(crate) fn moved(&self, device: Device) -> Result<Self> {
        self.cell.moved(device).map(Self::over)
    }
}

/// The elements of a tensor, off the tape, which nobody can write.
fn kept<S: Shape, T: Element>(tensor: &Tensor<S, T>) -> Result<Value> {
    let value = tensor.value().detach();
    value.buffer.check()?;
    let value = match value.buffer.guard() {
        Some(_) => value.copied(),
        None => value.contiguous().into_value(),
    };
    value.buffer.check()?;
    Ok(value)
}

/// A field of a model, of the model's elements: it begins as zeros, or as the one number that `#[init(..)]` says.
impl<S: Ranked, T: Float> Module<T> for Buffer<S, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        const { all_settled(S::AXES) }
        let sizes: Axes<usize> = S::AXES.iter().filter_map(|axis| axis.size).collect();
        builder.own_buffer(&sizes)
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.own_buffer(self);
    }
}

impl<S: Shape, T: Element> Clone for Buffer<S, T> {
    fn clone(&self) -> Self {
        Self::of(self.cell.value())
    }
}

impl<S: Shape, T: Element> fmt::Debug for Buffer<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.get(), f)
    }
}
