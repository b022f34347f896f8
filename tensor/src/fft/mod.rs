//! Fourier transforms: `X[k] = sum over j of x[j] exp(-2 pi i j k / n)`, of any length, and back. PyTorch's `torch.fft`.
//!
//! They take real tensors, whole numbers and truth values as `f32`, or [`Complex`] ones, of any shape; the result has its rank
//! and sizes at run time. A length `n` cuts an axis, or puts zeros behind it. [`Norm`] says by what is divided. They are computed in
//! double precision, on the processor; elsewhere they are errors. They have gradients of every order.
//!
//! ```
//! use tensor::fft::{self, Norm};
//! use tensor::prelude::*;
//! let x = tensor![1., 2., 3., 4.];
//! let z = fft::fft(&x, None, -1, Norm::Backward)?;
//! assert_eq!(z.to_vec()?, [(10., 0.), (-2., 2.), (-2., 0.), (-2., -2.)]);
//! assert_eq!(fft::ifft(&z, None, -1, Norm::Backward)?.real(), x.into_dynamic());
//! # Ok::<(), tensor::Error>(())
//! ```

mod frequencies;
mod one;
mod several;
mod signal;
mod windows;

pub use frequencies::{fftfreq, fftshift, ifftshift, rfftfreq};
pub use one::{fft, hfft, ifft, ihfft, irfft, rfft};
pub use several::{fft2, fftn, ifft2, ifftn, irfft2, irfftn, rfft2, rfftn};
pub use signal::{Rolled, Signal};
pub use windows::{Stft, istft, stft};

pub use crate::ops::fft::axes::Norm;
pub use crate::ops::fft::frames::Beyond;

use crate::ops::complex::Complex;
use crate::shape::Dynamic;

/// What the functions give.
type Tensor<T> = crate::tensors::Tensor<Dynamic, T>;
