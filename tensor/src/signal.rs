//! Windows of signals: weights that fade a piece of a signal in and out. PyTorch's `torch.signal.windows`, and `torch.hann_window` and its like.
//!
//! ```
//! use tensor::signal::{Span, hann};
//! assert_eq!(hann::<f32>(5, Span::Symmetric)?.to_vec()?, [0., 0.5, 1., 0.5, 0.]);
//! assert_eq!(hann::<f32>(4, Span::Periodic)?.to_vec()?, [0., 0.5, 1., 0.5]);
//! # Ok::<(), tensor::Error>(())
//! ```

use std::f64::consts::{PI, TAU};

use crate::device::Device;
use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::kernels::special::modified::{i0, i0e};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Where a window ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// With the last number, which is the first again: for the design of filters. The default of `torch.signal.windows`.
    #[default]
    Symmetric,
    /// One number later, which is the first of the next period: for spectra. The default of `torch.hann_window` and its like.
    Periodic,
}

/// `len` numbers of a window, which `at` gives of a place between 0 and 1.
fn window<T: Differentiable>(len: usize, span: Span, at: impl Fn(f64) -> f64) -> Result<Tensor<Dynamic, T>> {
    Value::empty(Device::cpu(), DType::F64, &[len]).buffer.check()?;
    let steps = match span {
        Span::Symmetric => len.saturating_sub(1),
        Span::Periodic => len,
    };
    let number = |index: usize| match len {
        1 => 1.0,
        _ => at(index as f64 / steps as f64),
    };
    let data: Vec<f64> = (0..len).map(number).collect();
    Ok(Tensor::of(
        Value::from_slice(Device::cpu(), &[len], &data).cast(T::DTYPE),
    ))
}

/// How many steps from the first number to the end of a window.
fn steps(len: usize, span: Span) -> f64 {
    match span {
        Span::Symmetric => len as f64 - 1.0,
        Span::Periodic => len as f64,
    }
}

/// `a[0] - a[1] cos(2 pi n / N) + a[2] cos(4 pi n / N) - ..`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, general_cosine};
/// let x = general_cosine(5, &[0.5, 0.3, 0.2], Span::Symmetric)?;
/// tensor::testing::assert_close(&x, &tensor![0.4, 0.3, 1., 0.3, 0.4]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no weight, or no room.
pub fn general_cosine<T: Differentiable>(len: usize, weights: &[f64], span: Span) -> Result<Tensor<Dynamic, T>> {
    if weights.is_empty() {
        return Err(Error::argument("weights", "one number or more", "none"));
    }
    window(len, span, |at| {
        let terms = weights.iter().enumerate();
        terms
            .map(|(index, weight)| {
                let sign = if index % 2 == 0 { 1.0 } else { -1.0 };
                sign * weight * (TAU * at * index as f64).cos()
            })
            .sum()
    })
}

/// `alpha - (1 - alpha) cos(2 pi n / N)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, general_hamming};
/// let x = general_hamming(5, 0.75, Span::Symmetric)?;
/// tensor::testing::assert_close(&x, &tensor![0.5, 0.75, 1., 0.75, 0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn general_hamming<T: Differentiable>(len: usize, alpha: f64, span: Span) -> Result<Tensor<Dynamic, T>> {
    general_cosine(len, &[alpha, 1.0 - alpha], span)
}

/// `sin^2(pi n / N)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, hann};
/// tensor::testing::assert_close(&hann(4, Span::Periodic)?, &tensor![0., 0.5, 1., 0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn hann<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    general_hamming(len, 0.5, span)
}

/// `0.54 - 0.46 cos(2 pi n / N)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, hamming};
/// tensor::testing::assert_close(&hamming(5, Span::Symmetric)?, &tensor![0.08, 0.54, 1., 0.54, 0.08]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn hamming<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    general_hamming(len, 0.54, span)
}

/// `0.42 - 0.5 cos(2 pi n / N) + 0.08 cos(4 pi n / N)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, blackman};
/// tensor::testing::assert_close(&blackman(5, Span::Symmetric)?, &tensor![0., 0.34, 1., 0.34, 0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn blackman<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    general_cosine(len, &[0.42, 0.5, 0.08], span)
}

/// Four cosines with the weights of Nuttall's minimal side lobes: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, nuttall};
/// let x = nuttall(5, Span::Symmetric)?;
/// tensor::testing::assert_close(&x, &tensor![0.0003628, 0.2269824, 1., 0.2269824, 0.0003628]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn nuttall<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    general_cosine(len, &[0.3635819, 0.4891775, 0.1365995, 0.0106411], span)
}

/// `1 - |2 n / N - 1|`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, bartlett};
/// assert_eq!(bartlett::<f32>(5, Span::Symmetric)?.to_vec()?, [0., 0.5, 1., 0.5, 0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn bartlett<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    window(len, span, |at| 1.0 - (2.0 * at - 1.0).abs())
}

/// `sin(pi (n + 1/2) / (N + 1))`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, cosine};
/// tensor::testing::assert_close(&cosine(3, Span::Symmetric)?, &tensor![0.5, 1., 0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no room.
pub fn cosine<T: Differentiable>(len: usize, span: Span) -> Result<Tensor<Dynamic, T>> {
    let steps = steps(len, span);
    window(len, span, |at| (PI * (at * steps + 0.5) / (steps + 1.0)).sin())
}

/// `exp(-((n - N / 2) / deviation)^2 / 2)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, gaussian};
/// tensor::testing::assert_close(&gaussian(3, 1., Span::Symmetric)?, &tensor![0.6065307, 1., 0.6065307]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the deviation is not above 0, or there is no room.
pub fn gaussian<T: Differentiable>(len: usize, deviation: f64, span: Span) -> Result<Tensor<Dynamic, T>> {
    positive("deviation", deviation)?;
    let steps = steps(len, span);
    window(len, span, |at| {
        let distance = steps * (at - 0.5) / deviation;
        (-0.5 * distance * distance).exp()
    })
}

/// `exp(-|n - N / 2| / tau)`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, exponential};
/// tensor::testing::assert_close(&exponential(3, 1., Span::Symmetric)?, &tensor![0.3678795, 1., 0.3678795]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where `tau` is not above 0, or there is no room.
pub fn exponential<T: Differentiable>(len: usize, tau: f64, span: Span) -> Result<Tensor<Dynamic, T>> {
    positive("tau", tau)?;
    let steps = steps(len, span);
    window(len, span, |at| (-(steps * (at - 0.5)).abs() / tau).exp())
}

/// `I0(beta sqrt(1 - (2 n / N - 1)^2)) / I0(beta)`, with the modified Bessel function `I0`: `[len]`.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::signal::{Span, kaiser};
/// tensor::testing::assert_close(&kaiser(3, 2., Span::Symmetric)?, &tensor![0.4386763, 1., 0.4386763]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where `beta` is negative, or there is no room.
pub fn kaiser<T: Differentiable>(len: usize, beta: f64, span: Span) -> Result<Tensor<Dynamic, T>> {
    if !(beta >= 0.0 && beta.is_finite()) {
        return Err(Error::argument("beta", "a finite number from 0 on", beta));
    }
    window(len, span, |at| {
        let place = 2.0 * at - 1.0;
        let inner = beta * (1.0 - place * place).max(0.0).sqrt();
        // Scaled, where the function itself would overflow.
        if beta < 500.0 {
            i0(inner) / i0(beta)
        } else {
            i0e(inner) / i0e(beta) * (inner - beta).exp()
        }
    })
}

fn positive(name: &'static str, number: f64) -> Result<()> {
    if number > 0.0 {
        return Ok(());
    }
    Err(Error::argument(name, "a number above 0", number))
}
