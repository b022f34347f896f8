//! Transforms of all numbers, and back from half of them.

use super::{With, and_last, complex};
use crate::element::{Element, Float};
use crate::error::Result;
use crate::fft::{self, Norm};
use crate::ops::complex::Complex;
use crate::shape::{Ranked, ReduceAxes, ReduceAxis, SameSize, Spectrum};
use crate::tensors::Tensor;
use crate::typed::named;

macro_rules! transforms {
    // The bounds, the type, its real numbers, what becomes of a literal tensor in the examples.
    ($([$($bounds:tt)*] $of:ty, $Real:ty, $before:literal $behind:literal;)*) => {$(
        impl<S: Ranked, $($bounds)*> $of {
            /// The transform along an axis, as [`fft::fft`](crate::fft::fft). Another length is `narrow` or `pad_axis` in front of it.
            ///
            /// ```
            /// use tensor::Complex;
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let x = ", $before, "tensor![1., 2., 3., 4.]", $behind, ";")]
            /// let z: Complex<f32, dims![4]> = x.fft::<0>(Norm::Backward)?;
            /// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.), (-2., -2.)]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Where there is nothing to transform, or the device does not have it.
            pub fn fft<const AXIS: isize>(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxis<AXIS>,
            {
                complex(fft::fft(self, None, AXIS, norm))
            }

            /// The inverse of [`fft`](Self::fft), as [`fft::ifft`](crate::fft::ifft).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![0., 4., 0., 0.]", $behind, ".ifft::<0>(Norm::Backward)?;")]
            /// assert_eq!(z.to_vec()?, [(1., 0.), (0., 1.), (-1., 0.), (0., -1.)]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn ifft<const AXIS: isize>(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxis<AXIS>,
            {
                complex(fft::ifft(self, None, AXIS, norm))
            }

            /// The transform along the last two axes, as [`fft::fft2`](crate::fft::fft2).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[1., 2.], [3., 4.]]", $behind, ".fft2(Norm::Backward)?;")]
            /// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn fft2(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxis<-2>,
            {
                complex(fft::fft2(self, None, [-2, -1], norm))
            }

            /// The inverse of [`fft2`](Self::fft2), as [`fft::ifft2`](crate::fft::ifft2).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[10., -2.], [-4., 0.]]", $behind, ".ifft2(Norm::Backward)?;")]
            /// assert_eq!(z.real(), tensor![[1., 2.], [3., 4.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn ifft2(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxis<-2>,
            {
                complex(fft::ifft2(self, None, [-2, -1], norm))
            }

            /// The transform along several axes, [`Axes<0, -1>`](crate::shape::Axes), as [`fft::fftn`](crate::fft::fftn).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[1., 2.], [3., 4.]]", $behind, ".fftn::<Axes<0, 1>>(Norm::Backward)?;")]
            /// assert_eq!(z.real(), tensor![[10., -2.], [-4., 0.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn fftn<Which>(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxes<Which>,
            {
                complex(fft::fftn(self, None, Some(S::WHICH.axes()), norm))
            }

            /// The inverse of [`fftn`](Self::fftn), as [`fft::ifftn`](crate::fft::ifftn).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[10., -2.], [-4., 0.]]", $behind, ".ifftn::<Axes<0, 1>>(Norm::Backward)?;")]
            /// assert_eq!(z.real(), tensor![[1., 2.], [3., 4.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn ifftn<Which>(&self, norm: Norm) -> Result<Complex<$Real, S>>
            where
                S: ReduceAxes<Which>,
            {
                complex(fft::ifftn(self, None, Some(S::WHICH.axes()), norm))
            }

            /// The `N` real numbers of which this is half the transform along an axis, `N / 2 + 1` numbers, as
            /// [`fft::irfft`](crate::fft::irfft).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![10., -2., -2.]", $behind, ";")]
            /// let x: Tensor<dims![4]> = z.irfft::<0, dim![4]>(Norm::Backward)?;
            /// assert_eq!(x, tensor![1., 3., 3., 3.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn irfft<const AXIS: isize, N: Spectrum>(&self, norm: Norm) -> Result<Tensor<With<S, AXIS, N>, $Real>>
            where
                S: ReduceAxis<AXIS, Axis: SameSize<N::Output>>,
            {
                named(fft::irfft(self, Some(N::SIZE), AXIS, norm))
            }

            /// [`irfft`](Self::irfft) along the last axis, and the inverse of a whole transform along the one in front of it, as
            /// [`fft::irfft2`](crate::fft::irfft2).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[10., -2.], [-4., 0.]]", $behind, ";")]
            /// assert_eq!(z.irfft2::<dim![2]>(Norm::Backward)?, tensor![[1., 2.], [3., 4.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn irfft2<N: Spectrum>(&self, norm: Norm) -> Result<Tensor<With<S, -1, N>, $Real>>
            where
                S: ReduceAxis<-2> + ReduceAxis<-1, Axis: SameSize<N::Output>>,
            {
                let rows = self.sizes()[<S as ReduceAxis<-2>>::INDEX];
                named(fft::irfft2(self, Some([rows, N::SIZE]), norm))
            }

            /// [`irfft`](Self::irfft) along the axis `LAST`, and the inverses of whole transforms along `Others`, as
            /// [`fft::irfftn`](crate::fft::irfftn).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![[10., -2.], [-4., 0.]]", $behind, ";")]
            /// assert_eq!(z.irfftn::<Axes<0>, 1, dim![2]>(Norm::Backward)?, tensor![[1., 2.], [3., 4.]]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft); and where an axis is named twice.
            pub fn irfftn<Others, const LAST: isize, N: Spectrum>(
                &self,
                norm: Norm,
            ) -> Result<Tensor<With<S, LAST, N>, $Real>>
            where
                S: ReduceAxes<Others> + ReduceAxis<LAST, Axis: SameSize<N::Output>>,
            {
                let axes = and_last::<S, Others, LAST>();
                let rank = self.sizes().len() as isize;
                let mut sizes: Vec<usize> =
                    axes.iter().map(|&axis| self.sizes()[axis.rem_euclid(rank) as usize]).collect();
                sizes.pop();
                sizes.push(N::SIZE);
                named(fft::irfftn(self, Some(&sizes), Some(&axes), norm))
            }

            /// The `N` real numbers that a transform gives of numbers which mirror themselves, of which these are the first `N / 2 + 1`, along
            /// an axis, as [`fft::hfft`](crate::fft::hfft).
            ///
            /// ```
            /// use tensor::fft::Norm;
            /// use tensor::prelude::*;
            #[doc = concat!("let z = ", $before, "tensor![1., 2., 3.]", $behind, ";")]
            /// assert_eq!(z.hfft::<0, dim![4]>(Norm::Backward)?, tensor![8., -2., 0., -2.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Those of [`fft`](Self::fft).
            pub fn hfft<const AXIS: isize, N: Spectrum>(&self, norm: Norm) -> Result<Tensor<With<S, AXIS, N>, $Real>>
            where
                S: ReduceAxis<AXIS, Axis: SameSize<N::Output>>,
            {
                named(fft::hfft(self, Some(N::SIZE), AXIS, norm))
            }
        }
    )*};
}

transforms! {
    [T: Element<Float: Float>] Tensor<S, T>, T::Float, "" "";
    [T: Float] Complex<T, S>, T, "tensor::Complex::from_real(&" ")";
}
