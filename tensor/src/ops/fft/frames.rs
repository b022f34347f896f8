//! Transforms of windows that move along a signal: `stft`, and back.

use super::rows::{complex, from_half, half};
use crate::error::{Error, Result};
use crate::layout::{MOST, describe, len};
use crate::ops::elements::same_elements;
use crate::ops::gather::index_select;
use crate::ops::view::{Look, look, placed, unlook};
use crate::tape::Value;

/// What a signal goes on as beyond its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// Itself backwards, without its last element.
    #[default]
    Reflect,
    /// Zeros.
    Zeros,
    /// Its last element.
    Replicate,
    /// Its other end.
    Circular,
}

/// How windows move.
#[derive(Clone, Debug)]
pub(crate) struct Frames {
    pub(crate) n_fft: usize,
    pub(crate) hop: usize,
    pub(crate) window: Option<Value>,
    pub(crate) center: bool,
    pub(crate) beyond: Beyond,
    pub(crate) normalized: bool,
    pub(crate) onesided: bool,
}

impl Frames {
    /// The window with zeros around it, as long as a frame.
    fn window(&self, operation: &'static str, like: &Value) -> Result<Option<Value>> {
        if self.n_fft == 0 || self.hop == 0 || self.n_fft > MOST {
            let expected = "frames and hops of at least one number, and what fits into memory";
            let found = format!("n_fft {} and hop {}", self.n_fft, self.hop);
            return Err(Error::argument("n_fft", expected, found));
        }
        let Some(window) = &self.window else {
            return Ok(None);
        };
        same_elements(operation, like.dtype(), window.dtype())?;
        match *window.sizes() {
            [length] if length <= self.n_fft && length > 0 => {
                Ok(Some(placed(window, 0, (self.n_fft - length) / 2, self.n_fft)))
            }
            _ => {
                let expected = format!("a window of up to {} numbers", self.n_fft);
                Err(Error::shape(operation, expected, describe(window.sizes())))
            }
        }
    }

    fn factor(&self) -> f64 {
        if self.normalized {
            1.0 / (self.n_fft as f64).sqrt()
        } else {
            1.0
        }
    }
}

/// Pairs `[.., frequency, frame, 2]` of a signal, `[length]` or `[batch, length]`.
pub(crate) fn stft(x: &Value, frames: &Frames) -> Result<Value> {
    let name = "stft";
    let window = frames.window(name, x)?;
    let (batch, length) = match *x.sizes() {
        [length] => (1, length),
        [batch, length] => (batch, length),
        _ => {
            return Err(Error::shape(
                name,
                "a signal, [length] or [batch, length]",
                describe(x.sizes()),
            ));
        }
    };
    let mut signal = x.reshape(&[batch, length]);
    if frames.center {
        signal = padded(&signal, frames.n_fft / 2, frames.beyond)?;
    }
    let length = signal.sizes()[1];
    if length < frames.n_fft {
        let expected = format!("at least {} numbers for a frame", frames.n_fft);
        return Err(Error::shape(name, expected, describe(x.sizes())));
    }
    let windows = Look::Windows {
        axis: 1,
        size: frames.n_fft,
        // Beyond the end there is no second frame, however far.
        step: frames.hop.min(length),
        dilation: 1,
    };
    let mut cut = look(&signal, windows);
    if let Some(window) = window {
        cut = cut.mul(&window)?;
    }
    let out = if frames.onesided {
        half(name, &cut, frames.factor())?
    } else {
        complex(name, &placed(&cut.unsqueeze(3), 3, 0, 2), false, frames.factor())?
    };
    let out = out.transpose(1, 2);
    Ok(if x.layout.rank() == 1 { out.squeeze(0) } else { out })
}

/// `[batch, length]` with `count` more on both sides.
fn padded(x: &Value, count: usize, beyond: Beyond) -> Result<Value> {
    let (length, more) = (x.sizes()[1], count as i64);
    if beyond == Beyond::Zeros {
        return Ok(placed(x, 1, count, length + 2 * count));
    }
    let most = match beyond {
        Beyond::Reflect => length.saturating_sub(1),
        Beyond::Circular => length,
        Beyond::Zeros | Beyond::Replicate => {
            if length == 0 {
                0
            } else {
                count
            }
        }
    };
    if count > most {
        let expected = format!("a signal long enough for {count} more numbers on both sides");
        return Err(Error::shape("stft", expected, length.to_string()));
    }
    let size = length as i64;
    let place = |at: i64| match beyond {
        Beyond::Reflect if at < 0 => -at,
        Beyond::Reflect if at >= size => 2 * (size - 1) - at,
        Beyond::Circular => at.rem_euclid(size),
        _ => at.clamp(0, size - 1),
    };
    let places: Vec<i64> = (-more..size + more).map(place).collect();
    index_select(x, 1, &Value::from_slice(x.device(), &[places.len()], &places))
}

/// The signal of which these pairs are the [`stft`]: the frames laid over each other, divided by the sum of the squares of their windows.
pub(crate) fn istft(z: &Value, frames: &Frames, length: Option<usize>) -> Result<Value> {
    let name = "istft";
    let n = frames.n_fft;
    let window = frames.window(name, z)?;
    let bins = if frames.onesided { n / 2 + 1 } else { n };
    let (batch, count) = match *z.sizes() {
        [rows, count, 2] if rows == bins => (1, count),
        [batch, rows, count, 2] if rows == bins => (batch, count),
        _ => {
            let found = describe(&z.sizes()[..z.layout.rank() - 1]);
            return Err(Error::shape(
                name,
                format!("[{bins}, frames] or [batch, {bins}, frames]"),
                found,
            ));
        }
    };
    if count == 0 {
        return Err(Error::shape(
            name,
            "at least one frame",
            describe(&z.sizes()[..z.layout.rank() - 1]),
        ));
    }
    let rows = z.reshape(&[batch, bins, count, 2]).transpose(1, 2);
    let factor = 1.0 / (n as f64 * frames.factor());
    let mut parts = if frames.onesided {
        from_half(name, &rows, n, factor)?
    } else {
        complex(name, &rows, true, factor)?.index_axis(3, 0)
    };
    let weight = match &window {
        Some(window) => window.square(),
        None => Value::filled(z.device(), z.dtype(), 1.0, &[n]),
    };
    if let Some(window) = &window {
        parts = parts.mul(window)?;
    }
    let total = frames.hop.saturating_mul(count - 1).saturating_add(n);
    if len(&[batch, total]) > MOST {
        return Err(Error::argument("hop", "a signal that fits into memory", frames.hop));
    }
    let over = |parts: &Value, batch: usize| {
        let windows = Look::Windows {
            axis: 1,
            size: n,
            step: frames.hop,
            dilation: 1,
        };
        unlook(parts, windows, &[batch, total])
    };
    let sum = over(&parts, batch);
    let weights = over(&weight.expand(name, &[1, count, n])?, 1);
    let start = if frames.center { n / 2 } else { 0 };
    let end = match length {
        Some(length) => total.min(start.saturating_add(length)),
        None if frames.center => total.saturating_sub(n / 2),
        None => total,
    };
    if end <= start {
        let found = format!("{count} frames of {n}");
        return Err(Error::shape(
            name,
            "frames that reach beyond what centering adds",
            found,
        ));
    }
    let kept = |x: &Value| x.slice(1, start, end - start, 1);
    let weights = kept(&weights);
    let smallest = weights.detach().cast(crate::element::DType::F64).to_vec::<f64>()?;
    if smallest.iter().any(|weight| *weight < 1e-11) {
        return Err(Error::argument(
            "window",
            "windows that leave no gaps between them",
            "a gap",
        ));
    }
    let mut out = kept(&sum).div(&weights)?;
    if let Some(length) = length.filter(|&length| length > end - start) {
        out = placed(&out, 1, 0, length);
    }
    Ok(if z.layout.rank() == 3 { out.squeeze(0) } else { out })
}
