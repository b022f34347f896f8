//! The short-time Fourier transform.

use super::{Beyond, Complex, Tensor};
use crate::element::Float;
use crate::error::Result;
use crate::ops::fft::frames::{self, Frames};

/// How [`stft`] cuts a signal into frames: `Stft { hop: Some(4), ..Stft::new(16) }`.
#[derive(Clone, Debug)]
pub struct Stft<'a, T: Float> {
    /// The length of a frame.
    pub n_fft: usize,
    /// How far a frame lies behind the one before; without it a quarter of their length. PyTorch's `hop_length`.
    pub hop: Option<usize>,
    /// What each frame is multiplied by, with zeros around it where it is shorter; without it nothing. PyTorch's `win_length` is its length.
    pub window: Option<&'a Tensor<T>>,
    /// Frame `t` has its middle at number `t * hop`: the signal goes on beyond its ends. On.
    pub center: bool,
    /// What it is beyond its ends. PyTorch's `pad_mode`.
    pub beyond: Beyond,
    /// Divides by the root of the length of a frame. Off.
    pub normalized: bool,
    /// Leaves out the half that mirrors the other one. On.
    pub onesided: bool,
}

impl<T: Float> Stft<'_, T> {
    /// Frames of a length, with PyTorch's defaults.
    ///
    /// ```
    /// let frames = tensor::fft::Stft::<f32>::new(16);
    /// assert!(frames.n_fft == 16 && frames.hop.is_none() && frames.center && frames.onesided);
    /// ```
    pub fn new(n_fft: usize) -> Self {
        Self {
            n_fft,
            hop: None,
            window: None,
            center: true,
            beyond: Beyond::Reflect,
            normalized: false,
            onesided: true,
        }
    }

    fn frames(&self) -> Frames {
        Frames {
            n_fft: self.n_fft,
            hop: self.hop.unwrap_or(self.n_fft / 4),
            window: self.window.map(|window| window.value().clone()),
            center: self.center,
            beyond: self.beyond,
            normalized: self.normalized,
            onesided: self.onesided,
        }
    }
}

/// The transforms of frames of a signal: `[length] -> [frequency, frame]`, `[batch, length] -> [batch, frequency, frame]`. PyTorch's `torch.stft`.
///
/// ```
/// use tensor::fft::{self, Stft};
/// use tensor::prelude::*;
/// let x: Tensor<Dynamic> = (0..32).map(|t| (t as f32 / 2.).sin()).collect::<Vec<_>>().into();
/// let window = Tensor::<Dynamic>::full_of(1., &[8])?;
/// let frames = Stft { window: Some(&window), ..Stft::new(8) };
/// let z = fft::stft(&x, &frames)?;
/// assert_eq!(z.sizes(), [5, 17]);
/// let back = fft::istft(&z, &frames, Some(32))?;
/// assert!(back.to_vec()?.iter().zip(x.to_vec()?).all(|(a, b)| (a - b).abs() < 1e-5));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the signal has another number of axes, or is too short for a frame or for what is beyond its ends; where the window is longer than a
/// frame; where frames or hops have no length.
pub fn stft<T: Float>(x: &Tensor<T>, options: &Stft<'_, T>) -> Result<Complex<T>> {
    frames::stft(x.value(), &options.frames()).map(Complex::of)
}

/// The signal of which this is the [`stft`] with the same options: `[frequency, frame] -> [length]`, batches likewise. PyTorch's `torch.istft`.
///
/// Without `length`, it ends where the middle of the last frame is, or, where frames are not centered, with the last frame.
///
/// ```
/// use tensor::fft::{self, Stft};
/// use tensor::prelude::*;
/// let x = tensor![1., 2., 3., 4.].into_dynamic();
/// let window = x.ones_like();
/// let frames = Stft { window: Some(&window), center: false, ..Stft::new(4) };
/// let z = fft::stft(&x, &frames)?; // One frame.
/// assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.)]);
/// assert_eq!(fft::istft(&z, &frames, None)?, x);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are not as many frequencies as frames have, no frame, or numbers that all windows leave out.
pub fn istft<T: Float>(z: &Complex<T>, options: &Stft<'_, T>, length: Option<usize>) -> Result<Tensor<T>> {
    frames::istft(z.value(), &options.frames(), length).map(Tensor::of)
}
