//! Fourier transforms: methods of real tensors and of complex ones.

use super::named;
use crate::element::{Element, Float};
use crate::error::Result;
use crate::fft::{self, Beyond, Norm, Stft};
use crate::ops::complex::Complex;
use crate::shape::{Dim, Frames, FramesOf, Ranked, ReduceAxes, ReduceAxis, SameSize, Shape, Spectrum, StaticDim};
use crate::tensors::Tensor;

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;
type With<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;
/// A shape with the half of a spectrum along an axis.
type Halved<S, const AXIS: isize> = With<S, AXIS, <AxisOf<S, AXIS> as Spectrum>::Output>;

/// What a function made of sizes that a rule has admitted.
fn complex<S: Shape, T: Float>(out: Result<Complex<T>>) -> Result<Complex<T, S>> {
    Ok(Complex::of(out?.value().clone()))
}

/// Some axes, and a last one behind them.
fn and_last<S: ReduceAxes<Others> + ReduceAxis<LAST>, Others, const LAST: isize>() -> Vec<isize> {
    let mut axes = S::WHICH.axes().to_vec();
    axes.push(LAST);
    axes
}

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

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The frequency 0 in the middle: the axes `Which`, [`Axes<0, -1>`](crate::shape::Axes), turned by half their length, as
    /// [`fft::fftshift`](crate::fft::fftshift).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1., -2., -1.].fftshift::<Axes<0>>(), tensor![-2., -1., 0., 1.]);
    /// ```
    pub fn fftshift<Which>(&self) -> Self
    where
        S: ReduceAxes<Which>,
    {
        super::known(fft::fftshift(&self.dynamic(), Some(S::WHICH.axes())))
    }

    /// The inverse of [`Tensor::fftshift`], as [`fft::ifftshift`](crate::fft::ifftshift).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 0., 1.].ifftshift::<Axes<0>>(), tensor![0., 1., -1.]);
    /// ```
    pub fn ifftshift<Which>(&self) -> Self
    where
        S: ReduceAxes<Which>,
    {
        super::known(fft::ifftshift(&self.dynamic(), Some(S::WHICH.axes())))
    }
}

/// How frames are cut, in dynamic terms.
fn frames<N: StaticDim, Hop: StaticDim, T: Float>(
    window: &Tensor<crate::shape::Dynamic, T>,
    beyond: Beyond,
) -> Stft<'_, T> {
    Stft {
        hop: Some(Hop::SIZE),
        window: Some(window),
        beyond,
        ..Stft::new(N::SIZE)
    }
}

impl<S: Ranked, T: Float> Tensor<S, T> {
    /// The transforms of frames of `N` numbers, every `Hop`, times a window, as [`fft::stft`](crate::fft::stft): `[length]` to
    /// `[n / 2 + 1, frames]`, batches likewise. Frames have their middles on the numbers of the signal, which goes on beyond its ends.
    ///
    /// ```
    /// use tensor::Complex;
    /// use tensor::fft::Beyond;
    /// use tensor::prelude::*;
    /// let x = Tensor::<dims![32]>::spaced(0, 31);
    /// let window = Tensor::<dims![8]>::ones();
    /// let z: Complex<f32, dims![5, 17]> = x.stft::<dim![8], dim![2], _>(&window, Beyond::Reflect)?;
    /// let back = z.istft::<dim![8], dim![2], dim![32], _>(&window)?;
    /// assert!((back - x).abs().to_vec()?.iter().all(|&error| error < 1e-4));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the signal is too short to be reflected, or the window longer than a frame.
    pub fn stft<N, Hop, W>(
        &self,
        window: &Tensor<(W,), T>,
        beyond: Beyond,
    ) -> Result<Complex<T, <S as Frames<N, Hop>>::Output>>
    where
        N: StaticDim,
        Hop: StaticDim,
        W: Dim,
        S: Frames<N, Hop>,
    {
        let window = window.dynamic();
        complex(fft::stft(&self.dynamic(), &frames::<N, Hop, T>(&window, beyond)))
    }
}

impl<S: Ranked, T: Float> Complex<T, S> {
    /// The signal of `Length` numbers of which this is the [`Tensor::stft`] with the same frames and window, as
    /// [`fft::istft`](crate::fft::istft).
    ///
    /// ```
    /// use tensor::fft::Beyond;
    /// use tensor::prelude::*;
    /// let (x, window) = (tensor![1., 2., 3., 4.], tensor![1., 1.]);
    /// let z = x.stft::<dim![2], dim![1], _>(&window, Beyond::Reflect)?;
    /// let back = z.istft::<dim![2], dim![1], dim![4], _>(&window)?;
    /// tensor::testing::assert_close(&back, &x);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the windows leave numbers out, or the window is longer than a frame.
    pub fn istft<N, Hop, Length, W>(
        &self,
        window: &Tensor<(W,), T>,
    ) -> Result<Tensor<<S as FramesOf<N, Hop, Length>>::Output, T>>
    where
        N: StaticDim,
        Hop: StaticDim,
        Length: StaticDim,
        W: Dim,
        S: FramesOf<N, Hop, Length>,
    {
        let window = window.dynamic();
        let z: Complex<T> = Complex::of(self.value().clone());
        named(fft::istft(
            &z,
            &frames::<N, Hop, T>(&window, Beyond::Reflect),
            Some(Length::SIZE),
        ))
    }
}
