//! Channels moved into space and back, and among each other.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The sizes of `[.., channels, height, width]`.
fn image(name: &'static str, x: &Value) -> Result<(Axes<usize>, [usize; 3])> {
    match x.sizes() {
        [lead @ .., channels, height, width] => Ok((lead.into(), [*channels, *height, *width])),
        sizes => Err(Error::shape(name, "[.., channels, height, width]", describe(sizes))),
    }
}

fn with(lead: &[usize], sizes: &[usize]) -> Axes<usize> {
    lead.iter().chain(sizes).copied().collect()
}

fn ordered(x: &Value, lead: usize, order: &[usize]) -> Value {
    let order: Axes<usize> = (0..lead).chain(order.iter().map(|axis| lead + axis)).collect();
    x.permute(&order)
}

fn shuffle(x: &Value, factor: usize) -> Result<Value> {
    let name = "pixel_shuffle";
    let (lead, [channels, height, width]) = image(name, x)?;
    let fits = factor > 0
        && factor
            .checked_mul(factor)
            .is_some_and(|square| channels.is_multiple_of(square));
    if !fits {
        return Err(Error::shape(
            name,
            format!("channels that the square of {factor} divides"),
            describe(x.sizes()),
        ));
    }
    let less = channels / (factor * factor);
    let parts = x.reshape(&with(&lead, &[less, factor, factor, height, width]));
    let parts = ordered(&parts, lead.len(), &[0, 3, 1, 4, 2]);
    Ok(parts.reshape(&with(&lead, &[less, height * factor, width * factor])))
}

fn unshuffle(x: &Value, factor: usize) -> Result<Value> {
    let name = "pixel_unshuffle";
    let (lead, [channels, height, width]) = image(name, x)?;
    if factor == 0 || !height.is_multiple_of(factor) || !width.is_multiple_of(factor) {
        return Err(Error::shape(
            name,
            format!("height and width that {factor} divides"),
            describe(x.sizes()),
        ));
    }
    let (rows, columns) = (height / factor, width / factor);
    let parts = x.reshape(&with(&lead, &[channels, rows, factor, columns, factor]));
    let parts = ordered(&parts, lead.len(), &[0, 2, 4, 1, 3]);
    Ok(parts.reshape(&with(&lead, &[channels * factor * factor, rows, columns])))
}

fn among(x: &Value, groups: usize) -> Result<Value> {
    let name = "channel_shuffle";
    let sizes = x.sizes();
    if sizes.len() < 3 || groups == 0 || !sizes[1].is_multiple_of(groups) {
        return Err(Error::shape(
            name,
            format!("[batch, channels, ..] with channels in {groups} groups"),
            describe(sizes),
        ));
    }
    let mut parts: Axes<usize> = sizes.into();
    parts[1] = groups;
    parts.insert(2, sizes[1] / groups);
    Ok(x.reshape(&parts).transpose(1, 2).reshape(sizes))
}

/// Channels moved into space: `[.., channels factor^2, height, width]` to `[.., channels, height factor, width factor]`.
///
/// # Errors
/// Where the square of the factor does not divide the channels, or it is 0.
///
/// ```
/// use tensor::functional::{pixel_shuffle, pixel_unshuffle};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[4, 1, 1])?;
/// let y = pixel_shuffle(&x, 2)?;
/// assert_eq!(y.sizes(), [1, 2, 2]);
/// assert_eq!(pixel_unshuffle(&y, 2)?, x);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn pixel_shuffle<T: Element>(x: &Tensor<Dynamic, T>, upscale_factor: usize) -> Result<Tensor<Dynamic, T>> {
    shuffle(x.value(), upscale_factor).map(Tensor::of)
}

/// The other direction of [`pixel_shuffle`]: `[.., channels, height factor, width factor]` to `[.., channels factor^2, height, width]`.
///
/// # Errors
/// Where the factor does not divide height and width, or is 0.
///
/// ```
/// use tensor::functional::pixel_unshuffle;
/// use tensor::prelude::*;
/// let x = tensor![[[1., 2.], [3., 4.]]].into_dynamic();
/// assert_eq!(pixel_unshuffle(&x, 2)?, tensor![[[1.]], [[2.]], [[3.]], [[4.]]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn pixel_unshuffle<T: Element>(x: &Tensor<Dynamic, T>, downscale_factor: usize) -> Result<Tensor<Dynamic, T>> {
    unshuffle(x.value(), downscale_factor).map(Tensor::of)
}

/// The channels of `[batch, channels, ..]` in another order: the first of each of so many groups, then the second of each.
///
/// # Errors
/// Where the channels do not fall into so many groups.
///
/// ```
/// use tensor::functional::channel_shuffle;
/// use tensor::prelude::*;
/// let x = tensor![[[1.], [2.], [3.], [4.]]].into_dynamic();
/// assert_eq!(channel_shuffle(&x, 2)?.to_vec()?, [1., 3., 2., 4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn channel_shuffle<T: Element>(x: &Tensor<Dynamic, T>, groups: usize) -> Result<Tensor<Dynamic, T>> {
    among(x.value(), groups).map(Tensor::of)
}
