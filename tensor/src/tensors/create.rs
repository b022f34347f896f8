//! Making tensors.

use crate::device::{Device, View};
use crate::element::{Element, Float};
use crate::error::{Error, Result};
use crate::layout::{describe, len};
use crate::shape::{Dynamic, Ranked, Shape, StaticShape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// Numbers written as nested arrays, as [`tensor!`](crate::tensor!) takes them.
pub trait Nested<T: Element> {
    /// Appends the elements, row by row.
    fn flatten(&self, out: &mut Vec<T>);
}

impl<T: Element> Nested<T> for T {
    fn flatten(&self, out: &mut Vec<T>) {
        out.push(*self);
    }
}

impl<T: Element, N: Nested<T>, const LEN: usize> Nested<T> for [N; LEN] {
    fn flatten(&self, out: &mut Vec<T>) {
        for part in self {
            part.flatten(out);
        }
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// Elements row by row, with the sizes given; both are checked.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`, or are not as many elements as there are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<dims![Batch, 2]>::from_vec(vec![1., 2., 3., 4.], &[2, 2])?;
    /// assert_eq!(x.at([1, 0])?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn from_vec(data: Vec<T>, sizes: &[usize]) -> Result<Self> {
        Self::from_slice(&data, sizes)
    }

    /// The same from borrowed elements, which are copied.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`, or are not as many elements as there are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_slice(&[1., 2., 3., 4.], &[2, 2])?;
    /// assert_eq!(x, tensor![[1., 2.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn from_slice(data: &[T], sizes: &[usize]) -> Result<Self> {
        Self::on(Device::cpu(), data, sizes)
    }

    /// The same on another device.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`, or are not as many elements as there are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<dims![2]>::on(Device::cpu(), &[1., 2.], &[2])?;
    /// assert_eq!(x, tensor![1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn on(device: Device, data: &[T], sizes: &[usize]) -> Result<Self> {
        Self::checked("from_slice", sizes)?;
        if len(sizes) != data.len() {
            return Err(Error::shape(
                "from_slice",
                format!("{} elements for {}", len(sizes), describe(sizes)),
                format!("{} elements", data.len()),
            ));
        }
        Ok(Self::of(Value::from_slice(device, sizes, data)))
    }

    /// One value everywhere, with the sizes given. PyTorch's `torch.full(sizes, value)`.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`. Those that do not fit into memory come out where the tensor is read.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic, i64>::full_of(7, &[2, 3])?;
    /// assert_eq!(x.new_zeros(&[2])?.to_vec()?, [0, 0]);
    /// assert!(Tensor::<dims![Batch, 2]>::ones_of(&[5, 3]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn full_of(value: T, sizes: &[usize]) -> Result<Self> {
        Self::checked("full", sizes)?;
        Ok(Self::of(filled(Device::cpu(), value, sizes)))
    }

    /// Zeros, with the sizes given. PyTorch's `torch.zeros(sizes)`.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`. Those that do not fit into memory come out where the tensor is read.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::zeros_of(&[2, 2])?, tensor![[0., 0.], [0., 0.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn zeros_of(sizes: &[usize]) -> Result<Self> {
        Self::full_of(T::from_f64(0.0), sizes)
    }

    /// Ones, with the sizes given. PyTorch's `torch.ones(sizes)`.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`. Those that do not fit into memory come out where the tensor is read.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::ones_of(&[1, 2])?, tensor![[1., 1.]].into_dynamic());
    /// assert!(Tensor::<dims![Batch, 2]>::ones_of(&[5, 3]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn ones_of(sizes: &[usize]) -> Result<Self> {
        Self::full_of(T::from_f64(1.0), sizes)
    }

    /// Room for elements, with the sizes given: PyTorch's `torch.empty(sizes)`. Here it holds zeros, since nobody may see what nobody
    /// wrote.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`. Those that do not fit into memory come out where the tensor is read.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::empty_of(&[2])?.to_vec()?, [0., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn empty_of(sizes: &[usize]) -> Result<Self> {
        Self::zeros_of(sizes)
    }

    /// One value everywhere, of this element type and on this device, with the sizes given.
    ///
    /// # Errors
    /// Where the sizes do not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1i64].new_full(&[2], 7)?.to_vec()?, [7, 7]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new_full(&self, sizes: &[usize], value: T) -> Result<Tensor<Dynamic, T>> {
        filled_or_not(self.device(), value, sizes).map(Tensor::of)
    }

    /// Zeros of this element type and on this device, with the sizes given.
    ///
    /// # Errors
    /// Where the sizes do not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1i64].new_zeros(&[2])?.to_vec()?, [0, 0]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new_zeros(&self, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        self.new_full(sizes, T::from_f64(0.0))
    }

    /// Ones of this element type and on this device, with the sizes given.
    ///
    /// # Errors
    /// Where the sizes do not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![true].new_ones(&[2])?.to_vec()?, [true, true]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new_ones(&self, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        self.new_full(sizes, T::from_f64(1.0))
    }

    /// Elements from the host, on this device, with the sizes given. PyTorch's `x.new_tensor(data)`.
    ///
    /// # Errors
    /// Where the sizes are not as many elements as there are.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1.].new_tensor(&[1., 2., 3., 4.], &[2, 2])?;
    /// assert_eq!(x, tensor![[1., 2.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new_tensor(&self, data: &[T], sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        Tensor::on(self.device(), data, sizes)
    }

    fn checked(operation: &'static str, sizes: &[usize]) -> Result<()> {
        S::check(sizes).map_err(|error| Error::Shape {
            operation,
            expected: S::describe(),
            found: format!("{} ({error})", describe(sizes)),
        })
    }

    /// One value everywhere, with the sizes of another tensor, on its device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].full_like(7.), tensor![7., 7.]);
    /// ```
    pub fn full_like(&self, value: T) -> Self {
        Self::of(filled(self.device(), value, self.sizes()))
    }

    /// Zeros, with the sizes of another tensor, on its device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].zeros_like(), tensor![0., 0.]);
    /// ```
    pub fn zeros_like(&self) -> Self {
        self.full_like(T::from_f64(0.0))
    }

    /// Ones, with the sizes of another tensor, on its device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].ones_like(), tensor![1., 1.]);
    /// ```
    pub fn ones_like(&self) -> Self {
        self.full_like(T::from_f64(1.0))
    }
}

fn filled<T: Element>(device: Device, value: T, sizes: &[usize]) -> Value {
    let out = Value::empty(device, T::DTYPE, sizes);
    let one = Value::from_slice(device, &[], &[value]);
    if let (None, Some(repeated)) = (out.buffer.poison(), one.layout.broadcast_to(sizes)) {
        // Copied and not filled: not every integer is a double.
        let from = View {
            layout: &repeated,
            ..one.view()
        };
        out.device().backend().copy(from, out.view());
    }
    out
}

/// [`filled`], where there is room.
fn filled_or_not<T: Element>(device: Device, value: T, sizes: &[usize]) -> Result<Value> {
    let out = filled(device, value, sizes);
    out.buffer.check()?;
    Ok(out)
}

// The bounds stand on the methods: on the block, rustc would not say which size is not known.
impl<S: Ranked, T: Element> Tensor<S, T> {
    /// One value everywhere.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![2]>::full(7.), tensor![7., 7.]);
    /// ```
    pub fn full(value: T) -> Self
    where
        S: StaticShape,
    {
        Self::of(filled(Device::cpu(), value, S::SIZES))
    }

    /// Zeros.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![2]>::zeros(), tensor![0., 0.]);
    /// ```
    pub fn zeros() -> Self
    where
        S: StaticShape,
    {
        Self::full(T::from_f64(0.0))
    }

    /// Ones.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![2]>::ones(), tensor![1., 1.]);
    /// ```
    pub fn ones() -> Self
    where
        S: StaticShape,
    {
        Self::full(T::from_f64(1.0))
    }

    /// Numbers written as nested arrays of just this shape; what [`tensor!`](crate::tensor!) expands to.
    #[doc(hidden)]
    pub fn from_nested(data: &impl Nested<T>) -> Self
    where
        S: StaticShape,
    {
        let mut flat = Vec::with_capacity(S::LEN);
        data.flatten(&mut flat);
        Self::of(Value::from_slice(Device::cpu(), S::SIZES, &flat))
    }
}

impl<T: Element> Tensor<(), T> {
    /// A single number.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::scalar(3.).item()?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scalar(value: T) -> Self {
        Self::of(Value::from_slice(Device::cpu(), &[], &[value]))
    }
}

impl<S: Shape, T: Float> Tensor<S, T> {
    /// Uniform numbers of `[0, 1)`, the same for the same seed on every device.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::rand(&[100], 0)?;
    /// assert!(x.to_vec()?.iter().all(|number| (0. ..1.).contains(number)));
    /// assert_eq!(x, Tensor::rand(&[100], 0)?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn rand(sizes: &[usize], seed: u64) -> Result<Self> {
        Self::checked("rand", sizes)?;
        let out = Value::empty(Device::cpu(), T::DTYPE, sizes);
        if out.buffer.poison().is_none() {
            out.device().backend().uniform(0.0, 1.0, seed, 0, out.row());
        }
        Ok(Self::of(out))
    }

    /// Normal numbers of mean 0 and variance 1, the same for the same seed on every device.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::randn(&[1000], 0)?;
    /// assert!(x.mean().item()?.abs() < 0.1 && (x.std(1.).item()? - 1.).abs() < 0.1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn randn(sizes: &[usize], seed: u64) -> Result<Self> {
        Self::checked("randn", sizes)?;
        let out = Value::empty(Device::cpu(), T::DTYPE, sizes);
        if out.buffer.poison().is_none() {
            out.device().backend().normal(0.0, 1.0, seed, 0, out.row());
        }
        Ok(Self::of(out))
    }
}

impl<T: Element> From<Vec<T>> for Tensor<Dynamic, T> {
    fn from(data: Vec<T>) -> Self {
        Self::of(Value::from_slice(Device::cpu(), &[data.len()], &data))
    }
}
