//! Transforms along one axis.

use super::signal::{pairs, real, sizes};
use super::{Complex, Norm, Signal, Tensor};
use crate::element::Element;
use crate::error::Result;
use crate::layout;
use crate::ops::complex::conjugate;
use crate::ops::fft::axes;
use crate::shape::Shape;

/// The transform along an axis, of `n` numbers.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::fft(&tensor![1., 2., 3., 4.], None, -1, Norm::Backward)?;
/// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.), (-2., -2.)]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such axis, or nothing to transform.
pub fn fft<X: Signal>(x: &X, n: Option<usize>, axis: isize, norm: Norm) -> Result<Complex<X::Real>> {
    one("fft", x, n, axis, false, norm)
}

/// The inverse transform along an axis, of `n` numbers: with `+` in the exponent, divided by `n`.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::ifft(&tensor![0., 4., 0., 0.], None, -1, Norm::Backward)?;
/// assert_eq!(z.to_vec()?, [(1., 0.), (0., 1.), (-1., 0.), (0., -1.)]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fft`].
pub fn ifft<X: Signal>(x: &X, n: Option<usize>, axis: isize, norm: Norm) -> Result<Complex<X::Real>> {
    one("ifft", x, n, axis, true, norm)
}

fn one<X: Signal>(
    name: &'static str,
    x: &X,
    n: Option<usize>,
    axis: isize,
    inverse: bool,
    norm: Norm,
) -> Result<Complex<X::Real>> {
    let z = pairs(x);
    let along = axes::chosen(name, sizes(&z), n.as_ref().map(std::slice::from_ref), Some(&[axis]))?;
    axes::transform(name, &z, &along, inverse, norm).map(Complex::of)
}

/// The first `n / 2 + 1` numbers of the transform of `n` real ones, along an axis: the others mirror them.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = tensor![1., 2., 3., 4.];
/// let z = fft::rfft(&x, None, -1, Norm::Backward)?;
/// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.)]);
/// assert_eq!(fft::irfft(&z, Some(4), -1, Norm::Backward)?, x.into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fft`].
pub fn rfft<S: Shape, T: Element<Float: crate::Float>>(
    x: &crate::tensors::Tensor<S, T>,
    n: Option<usize>,
    axis: isize,
    norm: Norm,
) -> Result<Complex<T::Float>> {
    let x = real(x);
    let along = axes::chosen("rfft", x.sizes(), n.as_ref().map(std::slice::from_ref), Some(&[axis]))?;
    axes::real("rfft", &x, &along, norm).map(Complex::of)
}

/// The `n` real numbers of which this is the [`rfft`], along an axis; without `n` an even number, twice one less than there are.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = fft::irfft(&tensor![10., -2., -2.], None, -1, Norm::Backward)?;
/// assert_eq!(x.to_vec()?, [1., 3., 3., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fft`].
pub fn irfft<X: Signal>(x: &X, n: Option<usize>, axis: isize, norm: Norm) -> Result<Tensor<X::Real>> {
    let z = pairs(x);
    let along = mirrored("irfft", sizes(&z), n, axis)?;
    axes::to_real("irfft", &z, &[along], true, norm).map(Tensor::of)
}

/// The `n` real numbers that a transform gives of numbers which mirror themselves, of which these are the first `n / 2 + 1`.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = fft::hfft(&tensor![1., 2., 3.], None, -1, Norm::Backward)?;
/// assert_eq!(x.to_vec()?, [8., -2., 0., -2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fft`].
pub fn hfft<X: Signal>(x: &X, n: Option<usize>, axis: isize, norm: Norm) -> Result<Tensor<X::Real>> {
    let z = conjugate(&pairs(x))?;
    let along = mirrored("hfft", sizes(&z), n, axis)?;
    axes::to_real("hfft", &z, &[along], false, norm).map(Tensor::of)
}

/// The inverse of [`hfft`]: the first `n / 2 + 1` numbers of the inverse transform of `n` real ones.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::ihfft(&tensor![8., -2., 0., -2.], None, -1, Norm::Backward)?;
/// assert_eq!(z.real().to_vec()?, [1., 2., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fft`].
pub fn ihfft<S: Shape, T: Element<Float: crate::Float>>(
    x: &crate::tensors::Tensor<S, T>,
    n: Option<usize>,
    axis: isize,
    norm: Norm,
) -> Result<Complex<T::Float>> {
    let opposite = match norm {
        Norm::Backward => Norm::Forward,
        Norm::Ortho => Norm::Ortho,
        Norm::Forward => Norm::Backward,
    };
    Ok(rfft(x, n, axis, opposite)?.conj())
}

/// An axis of half a transform, and how long the whole is.
fn mirrored(name: &'static str, sizes: &[usize], n: Option<usize>, axis: isize) -> Result<axes::Along> {
    let axis = layout::axis(name, axis, sizes.len())?;
    let n = n.unwrap_or((2 * sizes[axis]).saturating_sub(2));
    let length = [n];
    let all = axes::chosen(name, sizes, Some(&length), Some(&[axis as isize]))?;
    Ok(all[0])
}
