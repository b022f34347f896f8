//! Transforms of the frames of a signal.

use super::complex;
use crate::element::Float;
use crate::error::Result;
use crate::fft::{self, Beyond, Stft};
use crate::ops::complex::Complex;
use crate::shape::{Dim, Dynamic, Frames, FramesOf, Ranked, StaticDim};
use crate::tensors::Tensor;
use crate::typed::named;

/// How frames are cut, in dynamic terms.
fn frames<N: StaticDim, Hop: StaticDim, T: Float>(window: &Tensor<Dynamic, T>, beyond: Beyond) -> Stft<'_, T> {
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
