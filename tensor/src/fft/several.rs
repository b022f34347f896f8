//! Transforms along several axes.

use super::signal::{pairs, real, sizes};
use super::{Complex, Norm, Signal, Tensor};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::ops::fft::axes;
use crate::shape::Shape;

/// The last two axes.
const TWO: [isize; 2] = [-2, -1];

/// The transform along several axes, one after the other: of the lengths `s`, along `axes`. Without `axes` the last ones, as many as there
/// are lengths, or all.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::fftn(&tensor![[1., 2.], [3., 4.]], None, None, Norm::Backward)?;
/// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such axis, one is there twice, there are not as many lengths as axes, or there is nothing to transform.
pub fn fftn<X: Signal>(x: &X, s: Option<&[usize]>, axes: Option<&[isize]>, norm: Norm) -> Result<Complex<X::Real>> {
    several("fftn", x, s, axes, false, norm)
}

/// The inverse of [`fftn`].
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = fft::ifftn(&tensor![[10., -2.], [-4., 0.]], None, None, Norm::Backward)?;
/// assert_eq!(x.real(), tensor![[1., 2.], [3., 4.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fftn`].
pub fn ifftn<X: Signal>(x: &X, s: Option<&[usize]>, axes: Option<&[isize]>, norm: Norm) -> Result<Complex<X::Real>> {
    several("ifftn", x, s, axes, true, norm)
}

/// [`fftn`] along two axes, mostly the last ones: `fft2(&x, None, [-2, -1], norm)`.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::fft2(&tensor![[1., 2.], [3., 4.]], None, [-2, -1], Norm::Ortho)?;
/// tensor::testing::assert_close(&z.real(), &tensor![[5., -1.], [-2., 0.]]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fftn`].
pub fn fft2<X: Signal>(x: &X, s: Option<[usize; 2]>, axes: [isize; 2], norm: Norm) -> Result<Complex<X::Real>> {
    several("fft2", x, lengths(&s), Some(&axes), false, norm)
}

/// [`ifftn`] along two axes.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = fft::ifft2(&tensor![[10., -2.], [-4., 0.]], None, [-2, -1], Norm::Backward)?;
/// assert_eq!(x.real(), tensor![[1., 2.], [3., 4.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fftn`].
pub fn ifft2<X: Signal>(x: &X, s: Option<[usize; 2]>, axes: [isize; 2], norm: Norm) -> Result<Complex<X::Real>> {
    several("ifft2", x, lengths(&s), Some(&axes), true, norm)
}

fn lengths(s: &Option<[usize; 2]>) -> Option<&[usize]> {
    s.as_ref().map(|s| &s[..])
}

fn several<X: Signal>(
    name: &'static str,
    x: &X,
    s: Option<&[usize]>,
    axes: Option<&[isize]>,
    inverse: bool,
    norm: Norm,
) -> Result<Complex<X::Real>> {
    let z = pairs(x);
    let along = axes::chosen(name, sizes(&z), s, axes)?;
    axes::transform(name, &z, &along, inverse, norm).map(Complex::of)
}

/// [`rfft`](super::rfft) along the last of several axes, and whole transforms along the others.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::rfftn(&tensor![[1., 2., 3., 4.], [0., 0., 0., 0.]], None, None, Norm::Backward)?;
/// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.)].repeat(2));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fftn`]; and where there is no axis.
pub fn rfftn<S: Shape, T: Element<Float: crate::Float>>(
    x: &crate::tensors::Tensor<S, T>,
    s: Option<&[usize]>,
    axes: Option<&[isize]>,
    norm: Norm,
) -> Result<Complex<T::Float>> {
    let x = real(x);
    let along = axes::chosen("rfftn", x.sizes(), s, axes)?;
    axes::real("rfftn", &x, &along, norm).map(Complex::of)
}

/// The real numbers of which this is the [`rfftn`], of the lengths `s`; the last one, without `s`, is even: twice one less than there are.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = tensor![[10., -2.], [-4., 0.]];
/// let x = fft::irfftn(&z, Some(&[2, 2]), None, Norm::Backward)?;
/// assert_eq!(x, tensor![[1., 2.], [3., 4.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`fftn`]; and where there is no axis.
pub fn irfftn<X: Signal>(x: &X, s: Option<&[usize]>, axes: Option<&[isize]>, norm: Norm) -> Result<Tensor<X::Real>> {
    let z = pairs(x);
    let mut along = axes::chosen("irfftn", sizes(&z), s, axes)?;
    if let (None, Some(last)) = (s, along.last_mut()) {
        last.n = 2 * last.n - 2;
    }
    if along.iter().any(|along| along.n == 0) {
        return Err(Error::shape(
            "irfftn",
            "at least two numbers along the last axis",
            "one",
        ));
    }
    axes::to_real("irfftn", &z, &along, true, norm).map(Tensor::of)
}

/// [`rfftn`] along the last two axes.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let z = fft::rfft2(&tensor![[1., 2.], [3., 4.]], None, Norm::Backward)?;
/// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`rfftn`].
pub fn rfft2<S: Shape, T: Element<Float: crate::Float>>(
    x: &crate::tensors::Tensor<S, T>,
    s: Option<[usize; 2]>,
    norm: Norm,
) -> Result<Complex<T::Float>> {
    rfftn(x, lengths(&s), Some(&TWO), norm)
}

/// [`irfftn`] along the last two axes.
///
/// ```
/// use tensor::fft::{self, Norm};
/// use tensor::prelude::*;
/// let x = fft::irfft2(&tensor![[10., -2.], [-4., 0.]], None, Norm::Backward)?;
/// assert_eq!(x, tensor![[1., 2.], [3., 4.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`irfftn`].
pub fn irfft2<X: Signal>(x: &X, s: Option<[usize; 2]>, norm: Norm) -> Result<Tensor<X::Real>> {
    irfftn(x, lengths(&s), Some(&TWO), norm)
}
