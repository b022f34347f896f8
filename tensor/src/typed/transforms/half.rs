//! Transforms of real numbers: the half that the other one mirrors.

use super::{With, and_last, complex};
use crate::element::{Element, Float};
use crate::error::Result;
use crate::fft::{self, Norm};
use crate::ops::complex::Complex;
use crate::shape::{Ranked, ReduceAxes, ReduceAxis, Spectrum};
use crate::tensors::Tensor;

/// A shape with the half of a spectrum along an axis.
type Halved<S, const AXIS: isize> = With<S, AXIS, <<S as ReduceAxis<AXIS>>::Axis as Spectrum>::Output>;

impl<S: Ranked, T: Element<Float: Float>> Tensor<S, T> {
    /// The first `n / 2 + 1` numbers of the transform of `n` real ones along an axis, as [`fft::rfft`](crate::fft::rfft): the others mirror
    /// them.
    ///
    /// ```
    /// use tensor::Complex;
    /// use tensor::fft::Norm;
    /// use tensor::prelude::*;
    /// let z: Complex<f32, dims![3]> = tensor![1., 2., 3., 4.].rfft::<0>(Norm::Backward)?;
    /// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::fft`].
    pub fn rfft<const AXIS: isize>(&self, norm: Norm) -> Result<Complex<T::Float, Halved<S, AXIS>>>
    where
        S: ReduceAxis<AXIS, Axis: Spectrum>,
    {
        complex(fft::rfft(self, None, AXIS, norm))
    }

    /// [`Tensor::rfft`] along the last axis, and a whole transform along the one in front of it, as [`fft::rfft2`](crate::fft::rfft2).
    ///
    /// ```
    /// use tensor::fft::Norm;
    /// use tensor::prelude::*;
    /// let z = tensor![[1., 2.], [3., 4.]].rfft2(Norm::Backward)?;
    /// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::fft`].
    pub fn rfft2(&self, norm: Norm) -> Result<Complex<T::Float, Halved<S, -1>>>
    where
        S: ReduceAxis<-2> + ReduceAxis<-1, Axis: Spectrum>,
    {
        complex(fft::rfft2(self, None, norm))
    }

    /// [`Tensor::rfft`] along the axis `LAST`, and whole transforms along `Others`, as [`fft::rfftn`](crate::fft::rfftn).
    ///
    /// ```
    /// use tensor::fft::Norm;
    /// use tensor::prelude::*;
    /// let z = tensor![[1., 2.], [3., 4.]].rfftn::<Axes<0>, 1>(Norm::Backward)?;
    /// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::fft`]; and where an axis is named twice.
    pub fn rfftn<Others, const LAST: isize>(&self, norm: Norm) -> Result<Complex<T::Float, Halved<S, LAST>>>
    where
        S: ReduceAxes<Others> + ReduceAxis<LAST, Axis: Spectrum>,
    {
        let axes = and_last::<S, Others, LAST>();
        complex(fft::rfftn(self, None, Some(&axes), norm))
    }

    /// The inverse of [`Tensor::hfft`] along an axis, as [`fft::ihfft`](crate::fft::ihfft): the first `n / 2 + 1` numbers of the inverse
    /// transform of `n` real ones.
    ///
    /// ```
    /// use tensor::fft::Norm;
    /// use tensor::prelude::*;
    /// let z = tensor![8., -2., 0., -2.].ihfft::<0>(Norm::Backward)?;
    /// assert_eq!(z.real(), tensor![1., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::fft`].
    pub fn ihfft<const AXIS: isize>(&self, norm: Norm) -> Result<Complex<T::Float, Halved<S, AXIS>>>
    where
        S: ReduceAxis<AXIS, Axis: Spectrum>,
    {
        complex(fft::ihfft(self, None, AXIS, norm))
    }
}
