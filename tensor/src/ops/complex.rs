//! Complex numbers, as far as Fourier transforms need them: pairs of real numbers side by side, with gradients of real operations.

use std::fmt;
use std::marker::PhantomData;

use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::ops::elements::same_elements;
use crate::ops::join::cat;
use crate::ops::linalg::norms::vector_norm;
use crate::ops::view::placed;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;
use tensor_ops::Pair;

/// `real + i imag` along a new last axis of size 2.
pub(crate) fn join(real: &Value, imag: &Value) -> Result<Value> {
    same_elements("complex", real.dtype(), imag.dtype())?;
    if real.sizes() != imag.sizes() {
        let expected = format!("parts of one shape, {}", describe(real.sizes()));
        return Err(Error::shape("complex", expected, describe(imag.sizes())));
    }
    let rank = real.layout.rank();
    cat("complex", &[&real.unsqueeze(rank), &imag.unsqueeze(rank)], -1)
}

/// One part of numbers side by side: 0 the real one, 1 the imaginary one; a view.
pub(crate) fn part(z: &Value, index: usize) -> Value {
    z.index_axis(z.layout.rank() - 1, index)
}

/// `real - i imag`.
pub(crate) fn conjugate(z: &Value) -> Result<Value> {
    let signs = Value::from_slice(z.device(), &[2], &[1i32, -1]).cast(z.dtype());
    z.mul(&signs)
}

/// A tensor of complex numbers, what Fourier transforms give. Its parts are tensors, and views of it. Like those it has a shape in its type, or
/// [`Dynamic`].
///
/// The gradient of a real function of `z` is `d/d real + i d/d imag`, as in PyTorch: parts are differentiated like any tensors.
///
/// ```
/// use tensor::Complex;
/// use tensor::prelude::*;
/// let z = Complex::from_parts(&tensor![3., 0.].into_dynamic(), &tensor![4., 1.].into_dynamic())?;
/// assert_eq!(z.abs().to_vec()?, [5., 1.]);
/// assert_eq!(z.mul(&z.conj())?.real().to_vec()?, [25., 1.]);
/// assert_eq!(z.to_vec()?, [(3., 4.), (0., 1.)]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub struct Complex<T: Float = f32, S: Shape = Dynamic> {
    value: Value,
    element: PhantomData<fn() -> (T, S)>,
}

impl<T: Float, S: Shape> Complex<T, S> {
    /// Pairs along the last axis, which has size 2.
    pub(crate) fn of(value: Value) -> Self {
        debug_assert!(value.dtype() == T::DTYPE && value.sizes().last() == Some(&2));
        Self {
            value,
            element: PhantomData,
        }
    }

    /// The pairs.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// `real + i imag`. PyTorch's `torch.complex`.
    ///
    /// # Errors
    /// Where the sizes differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (real, imag) = (tensor![1., 0.].into_dynamic(), tensor![2., -1.].into_dynamic());
    /// assert_eq!(tensor::Complex::from_parts(&real, &imag)?.to_vec()?, [(1., 2.), (0., -1.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn from_parts(real: &Tensor<S, T>, imag: &Tensor<S, T>) -> Result<Self> {
        join(real.value(), imag.value()).map(Self::of)
    }

    /// Real numbers as complex ones.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::from_real(&tensor![3., 4.].into_dynamic());
    /// assert_eq!(z.to_vec()?, [(3., 0.), (4., 0.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn from_real(real: &Tensor<S, T>) -> Self {
        let rank = real.sizes().len();
        let pairs = placed(&real.value().unsqueeze(rank), rank, 0, 2);
        Self::of(pairs)
    }

    /// The real parts; a view.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.real().to_vec()?, [1., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn real(&self) -> Tensor<S, T> {
        Tensor::of(part(&self.value, 0))
    }

    /// The imaginary parts; a view.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.imag().to_vec()?, [2., -1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn imag(&self) -> Tensor<S, T> {
        Tensor::of(part(&self.value, 1))
    }

    /// The size of each axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.], [3., 0.]].into_dynamic())?;
    /// assert_eq!(z.sizes(), [3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn sizes(&self) -> &[usize] {
        let sizes = self.value.sizes();
        &sizes[..sizes.len() - 1]
    }

    /// The number of complex numbers.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.], [3., 0.]].into_dynamic())?;
    /// assert_eq!(z.len(), 3);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.value.len() / 2
    }

    /// Whether there is none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(tensor::Complex::from_real(&Tensor::<Dynamic>::zeros_of(&[0])?).is_empty());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The error of the operation that should have made them, if it failed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::from_real(&tensor![1.].into_dynamic());
    /// assert!(z.error().is_none());
    /// ```
    pub fn error(&self) -> Option<&Error> {
        self.value.buffer.poison()
    }

    /// The magnitudes, `sqrt(real^2 + imag^2)`. The gradient at 0 is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[3., 4.], [0., -2.]].into_dynamic())?;
    /// assert_eq!(z.abs().to_vec()?, [5., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn abs(&self) -> Tensor<S, T> {
        let norm = vector_norm("abs", &self.value, 2.0, Some(&[-1]), false);
        Tensor::of(norm.unwrap_or_else(|error| self.poisoned(error)))
    }

    /// The angles to the real axis in radians, between `-pi` and `pi`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 0.], [0., 2.], [-1., 0.]].into_dynamic())?;
    /// assert_eq!(z.angle().round_decimals(4).to_vec()?, [0., 1.5708, 3.1416]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn angle(&self) -> Tensor<S, T> {
        let angle = part(&self.value, 1).pair(Pair::Atan2, &part(&self.value, 0));
        Tensor::of(angle.unwrap_or_else(|error| self.poisoned(error)))
    }

    fn poisoned(&self, error: Error) -> Value {
        Value::poisoned(self.value.device(), T::DTYPE, self.sizes(), error)
    }

    /// `real - i imag`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[3., 4.]].into_dynamic())?;
    /// assert_eq!(z.conj().to_vec()?, [(3., -4.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn conj(&self) -> Self {
        let poisoned = |error| Value::poisoned(self.value.device(), T::DTYPE, self.value.sizes(), error);
        Self::of(conjugate(&self.value).unwrap_or_else(poisoned))
    }

    /// Times a real number.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.]].into_dynamic())?;
    /// assert_eq!(z.scale(-2.).to_vec()?, [(-2., -4.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scale(&self, factor: f64) -> Self {
        Self::of(self.value.scale(factor))
    }

    /// Real and imaginary part of each number, row by row.
    ///
    /// # Errors
    /// The error of the operation that should have computed them.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.to_vec()?, [(1., 2.), (0., -1.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn to_vec(&self) -> Result<Vec<(T, T)>> {
        let numbers = self.value.to_vec::<T>()?;
        Ok(numbers
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&[real, imag]| (real, imag))
            .collect())
    }
}

impl<T: Float> Complex<T> {
    /// Pairs along the last axis, `[.., 2]`, as complex numbers `[..]`. PyTorch's `view_as_complex`.
    ///
    /// # Errors
    /// Where the last axis has another size.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let pairs = tensor![[1., 2.], [0., -1.]].into_dynamic();
    /// assert_eq!(tensor::Complex::view_as_complex(&pairs)?.to_vec()?, [(1., 2.), (0., -1.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view_as_complex(pairs: &Tensor<Dynamic, T>) -> Result<Self> {
        match pairs.sizes() {
            [.., 2] => Ok(Self::of(pairs.value().clone())),
            other => Err(Error::shape(
                "view_as_complex",
                "a last axis of size 2",
                describe(other),
            )),
        }
    }

    /// The pairs along a last axis of size 2: `[..] -> [.., 2]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let pairs = tensor![[1., 2.], [0., -1.]].into_dynamic();
    /// assert_eq!(tensor::Complex::view_as_complex(&pairs)?.view_as_real(), pairs);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view_as_real(&self) -> Tensor<Dynamic, T> {
        Tensor::of(self.value.clone())
    }

    /// The sums, broadcast.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.add(&z.conj())?.to_vec()?, [(2., 0.), (0., 0.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[allow(clippy::should_implement_trait, reason = "it can fail")]
    pub fn add(&self, other: &Self) -> Result<Self> {
        let (a, b) = self.level(other);
        a.add(&b).map(Self::of)
    }

    /// The differences, broadcast.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.sub(&z.conj())?.to_vec()?, [(0., 4.), (0., -2.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[allow(clippy::should_implement_trait, reason = "it can fail")]
    pub fn sub(&self, other: &Self) -> Result<Self> {
        let (a, b) = self.level(other);
        a.sub(&b).map(Self::of)
    }

    /// The products, broadcast.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let z = tensor::Complex::view_as_complex(&tensor![[1., 2.], [0., -1.]].into_dynamic())?;
    /// assert_eq!(z.mul(&z)?.to_vec()?, [(-3., 4.), (-1., 0.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[allow(clippy::should_implement_trait, reason = "it can fail")]
    pub fn mul(&self, other: &Self) -> Result<Self> {
        let [a, b, c, d] = [
            part(&self.value, 0),
            part(&self.value, 1),
            part(&other.value, 0),
            part(&other.value, 1),
        ];
        let real = a.mul(&c)?.sub(&b.mul(&d)?)?;
        let imag = a.mul(&d)?.add(&b.mul(&c)?)?;
        join(&real, &imag).map(Self::of)
    }

    /// Both with the same number of axes, so that those of the pairs meet.
    fn level(&self, other: &Self) -> (Value, Value) {
        let rank = self.value.layout.rank().max(other.value.layout.rank());
        let wide = |z: &Value| {
            let mut sizes: Axes<usize> = z.sizes().into();
            while sizes.len() < rank {
                sizes.insert(0, 1);
            }
            z.reshape(&sizes)
        };
        (wide(&self.value), wide(&other.value))
    }
}

impl<T: Float, S: Shape> Clone for Complex<T, S> {
    fn clone(&self) -> Self {
        Self::of(self.value.clone())
    }
}

impl<T: Float, S: Shape> PartialEq for Complex<T, S> {
    /// Equal sizes and equal numbers; what could not be computed equals nothing.
    fn eq(&self, other: &Self) -> bool {
        Tensor::<Dynamic, T>::of(self.value.clone()) == Tensor::of(other.value.clone())
    }
}

impl<T: Float, S: Shape> fmt::Display for Complex<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "complex(real={}, imag={})", self.real(), self.imag())
    }
}

impl<T: Float, S: Shape> fmt::Debug for Complex<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: Shape, T: Float> From<&Tensor<S, T>> for Complex<T> {
    fn from(real: &Tensor<S, T>) -> Self {
        Self::from_real(&real.clone().into_dynamic())
    }
}
