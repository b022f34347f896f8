//! Which frequency is where.

use super::{Rolled, Tensor};
use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout;
use crate::tape::Value;

/// The frequency 0 in the middle: every axis, or those that are named, turned by half its length.
///
/// ```
/// use tensor::fft;
/// use tensor::prelude::*;
/// let x = fft::fftfreq::<f32>(4, 0.25)?;
/// assert_eq!(x.to_vec()?, [0., 1., -2., -1.]);
/// assert_eq!(fft::fftshift(&x, None)?.to_vec()?, [-2., -1., 0., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such axis.
pub fn fftshift<X: Rolled>(x: &X, axes: Option<&[isize]>) -> Result<X> {
    shifted("fftshift", x, axes, |size| size / 2)
}

/// The other way round: the frequency 0 from the middle to the front.
///
/// ```
/// use tensor::fft;
/// use tensor::prelude::*;
/// let x = tensor![-2., -1., 0., 1., 2.].into_dynamic();
/// assert_eq!(fft::ifftshift(&x, None)?.to_vec()?, [0., 1., 2., -2., -1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such axis.
pub fn ifftshift<X: Rolled>(x: &X, axes: Option<&[isize]>) -> Result<X> {
    shifted("ifftshift", x, axes, |size| size - size / 2)
}

fn shifted<X: Rolled>(name: &'static str, x: &X, axes: Option<&[isize]>, by: impl Fn(usize) -> usize) -> Result<X> {
    let sizes = x.axes();
    let every: Vec<isize> = (0..sizes.len() as isize).collect();
    let mut named = Vec::new();
    for &axis in axes.unwrap_or(&every) {
        named.push(layout::axis(name, axis, sizes.len())? as isize);
    }
    if named.is_empty() {
        return x.rolled(&[0], &[]);
    }
    let shifts: Vec<isize> = named.iter().map(|&axis| by(sizes[axis as usize]) as isize).collect();
    x.rolled(&shifts, &named)
}

/// The frequencies of a transform of `n` numbers that are `d` apart, in its order: 0, those above it, those below it.
///
/// ```
/// assert_eq!(tensor::fft::fftfreq::<f32>(5, 0.2)?.to_vec()?, [0., 1., 2., -2., -1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where `n` is 0.
pub fn fftfreq<T: Float>(n: usize, d: f64) -> Result<Tensor<T>> {
    frequencies("fftfreq", n, d, n, |k| {
        let k = k as f64;
        if k >= n.div_ceil(2) as f64 { k - n as f64 } else { k }
    })
}

/// The frequencies of an [`rfft`](super::rfft) of `n` numbers that are `d` apart.
///
/// ```
/// assert_eq!(tensor::fft::rfftfreq::<f32>(4, 0.25)?.to_vec()?, [0., 1., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where `n` is 0.
pub fn rfftfreq<T: Float>(n: usize, d: f64) -> Result<Tensor<T>> {
    frequencies("rfftfreq", n, d, n / 2 + 1, |k| k as f64)
}

fn frequencies<T: Float>(
    name: &'static str,
    n: usize,
    d: f64,
    count: usize,
    number: impl Fn(usize) -> f64,
) -> Result<Tensor<T>> {
    if n == 0 || n > layout::MOST {
        return Err(Error::shape(
            name,
            "at least one number, and what fits into memory",
            n.to_string(),
        ));
    }
    let all: Vec<f64> = (0..count).map(|k| number(k) / (n as f64 * d)).collect();
    let value = Value::from_slice(Device::cpu(), &[count], &all);
    Ok(Tensor::of(value.cast(T::DTYPE)))
}
