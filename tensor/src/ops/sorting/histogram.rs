//! How many elements fall where.

use crate::device::Device;
use crate::element::{DType, Differentiable, Element, Kind, Numeric};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::host::on_processor;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// The largest number of bins.
const MOST: i64 = 1 << 32;

/// So many bins with nothing in them.
fn empty(bins: usize) -> Result<Vec<f64>> {
    let mut out = Vec::new();
    let room = match bins as u64 <= MOST as u64 {
        true => out.try_reserve_exact(bins).is_ok(),
        false => false,
    };
    if !room {
        return Err(Error::OutOfMemory {
            device: Device::cpu().to_string(),
            bytes: bins.saturating_mul(size_of::<f64>()),
            free: None,
        });
    }
    out.resize(bins, 0.0);
    Ok(out)
}

/// For each whole number from 0 to the largest, or to `least - 1`, the sum of the weights of its elements.
fn bincount(x: &Value, weights: Option<&Value>, least: usize) -> Result<Vec<f64>> {
    on_processor("bincount", &[x])?;
    if x.dtype().kind() != Kind::Integer {
        return Err(Error::Element {
            operation: "bincount",
            expected: "whole numbers".to_owned(),
            found: x.dtype().name(),
        });
    }
    if x.layout.rank() != 1 {
        return Err(Error::shape("bincount", "one axis", describe(x.sizes())));
    }
    if let Some(weights) = weights.filter(|weights| weights.sizes() != x.sizes()) {
        let expected = format!("weights of {}", describe(x.sizes()));
        return Err(Error::shape("bincount", expected, describe(weights.sizes())));
    }
    let numbers: Vec<i64> = x.detach().cast(DType::I64).to_vec()?;
    let weights: Option<Vec<f64>> = weights
        .map(|weights| {
            on_processor("bincount", &[x, weights])?;
            weights.detach().cast(DType::F64).to_vec()
        })
        .transpose()?;
    if let Some(&outside) = numbers.iter().find(|number| !(0..MOST).contains(*number)) {
        return Err(Error::OutOfRange {
            operation: "bincount",
            what: "number",
            index: outside,
            size: format!("bins from 0 to {}", MOST - 1),
        });
    }
    let bins = numbers.iter().map(|&number| number as usize + 1).max().unwrap_or(0);
    let mut out = empty(bins.max(least))?;
    for (place, &number) in numbers.iter().enumerate() {
        out[number as usize] += weights.as_ref().map_or(1.0, |weights| weights[place]);
    }
    Ok(out)
}

/// The ends of the bins: those given, or, where they are equal, those of the elements.
fn ends(numbers: &[f64], low: f64, high: f64) -> Result<(f64, f64)> {
    let (mut low, mut high) = (low, high);
    if low == high && !numbers.is_empty() {
        low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    }
    if low == high {
        (low, high) = (low - 1.0, high + 1.0);
    }
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(Error::argument(
            "range",
            "two finite numbers, of which the first is the lesser",
            format!("{low} to {high}"),
        ));
    }
    Ok((low, high))
}

/// The bin of a number between the ends, the last of which belongs to the last bin. In the precision of the elements.
fn bin(number: f64, (low, high): (f64, f64), bins: usize, single: bool) -> Option<usize> {
    if !(low..=high).contains(&number) {
        return None;
    }
    let place = if single {
        let (number, low, high) = (number as f32, low as f32, high as f32);
        f64::from((number - low) * bins as f32 / (high - low))
    } else {
        (number - low) * bins as f64 / (high - low)
    };
    Some((place as usize).min(bins - 1))
}

fn check_bins(bins: usize) -> Result<()> {
    match bins {
        0 => Err(Error::argument("bins", "at least 1", 0)),
        _ => Ok(()),
    }
}

fn histc(x: &Value, bins: usize, low: f64, high: f64) -> Result<Value> {
    on_processor("histc", &[x])?;
    check_bins(bins)?;
    let numbers: Vec<f64> = x.detach().cast(DType::F64).to_vec()?;
    let ends = ends(&numbers, low, high)?;
    let mut out = empty(bins)?;
    for bin in numbers
        .iter()
        .filter_map(|&number| bin(number, ends, bins, x.dtype() == DType::F32))
    {
        out[bin] += 1.0;
    }
    Ok(Value::from_slice(x.device(), &[bins], &out).cast(x.dtype()))
}

/// The counts and the edges of the bins.
fn histogram(
    x: &Value,
    bins: usize,
    range: Option<(f64, f64)>,
    weights: Option<&Value>,
    density: bool,
) -> Result<(Value, Value)> {
    on_processor("histogram", &[x])?;
    check_bins(bins)?;
    if let Some(weights) = weights.filter(|weights| weights.sizes() != x.sizes()) {
        let expected = format!("weights of {}", describe(x.sizes()));
        return Err(Error::shape("histogram", expected, describe(weights.sizes())));
    }
    let numbers: Vec<f64> = x.detach().cast(DType::F64).to_vec()?;
    let weights: Option<Vec<f64>> = weights
        .map(|weights| weights.detach().cast(DType::F64).to_vec())
        .transpose()?;
    let (low, high) = range.unwrap_or((0.0, 0.0));
    let (low, high) = ends(&numbers, low, high)?;
    let width = (high - low) / bins as f64;
    let edge = |place: usize| {
        if place == bins {
            high
        } else {
            low + width * place as f64
        }
    };
    let mut out = empty(bins)?;
    for (place, &number) in numbers.iter().enumerate() {
        let Some(mut at) = bin(number, (low, high), bins, false) else {
            continue;
        };
        // The edges decide, as they are written down.
        while at > 0 && number < edge(at) {
            at -= 1;
        }
        while at + 1 < bins && number >= edge(at + 1) {
            at += 1;
        }
        out[at] += weights.as_ref().map_or(1.0, |weights| weights[place]);
    }
    if density {
        let total: f64 = out.iter().sum();
        for (place, count) in out.iter_mut().enumerate() {
            *count /= total * (edge(place + 1) - edge(place));
        }
    }
    let edges: Vec<f64> = (0..=bins).map(edge).collect();
    let counts = Value::from_slice(x.device(), &[bins], &out).cast(x.dtype());
    Ok((
        counts,
        Value::from_slice(x.device(), &[bins + 1], &edges).cast(x.dtype()),
    ))
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// How often each whole number from 0 on is there, up to the largest, and at least `least` of them (PyTorch's `minlength`).
    ///
    /// # Errors
    /// Where the tensor has not one axis, its elements are floats, or one is negative.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic, i64>::from(vec![1, 3, 1]);
    /// assert_eq!(x.bincount(0)?.to_vec()?, [0, 2, 0, 1]);
    /// let weights = Tensor::<Dynamic>::from(vec![0.5, 1., 2.]);
    /// assert_eq!(x.bincount_weighted(&weights, 5)?.to_vec()?, [0., 2.5, 0., 1., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn bincount(&self, least: usize) -> Result<Tensor<Dynamic, i64>> {
        let counts = bincount(self.value(), None, least)?;
        let counts: Vec<i64> = counts.into_iter().map(|count| count as i64).collect();
        Ok(Tensor::of(Value::from_slice(self.device(), &[counts.len()], &counts)))
    }

    /// The sum of the weights of each whole number from 0 on, as [`Tensor::bincount`], in double precision. PyTorch gives `float32` for weights of that.
    ///
    /// # Errors
    /// As there, and where the weights have other sizes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, weights) = (tensor![1i64, 3, 1].into_dynamic(), tensor![0.5, 1., 2.].into_dynamic());
    /// assert_eq!(x.bincount_weighted(&weights, 5)?.to_vec()?, [0., 2.5, 0., 1., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn bincount_weighted<W: Element>(
        &self,
        weights: &Tensor<Dynamic, W>,
        least: usize,
    ) -> Result<Tensor<Dynamic, f64>> {
        let sums = bincount(self.value(), Some(weights.value()), least)?;
        Ok(Tensor::of(Value::from_slice(self.device(), &[sums.len()], &sums)))
    }
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// How many elements fall into each of `bins` bins of one width from `low` to `high`, which belongs to the last one; where they are equal,
    /// from the smallest element to the largest. Elements outside, and NaN, do not count.
    ///
    /// # Errors
    /// Where there are no bins, or the ends are not finite or not in order.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![0., 1., 1.5, 4.];
    /// assert_eq!(x.histc(4, 0., 4.)?.to_vec()?, [1., 2., 0., 1.]);
    /// let (counts, edges) = x.histogram(2, None, None, false)?;
    /// assert_eq!((counts.to_vec()?, edges.to_vec()?), (vec![3., 1.], vec![0., 2., 4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn histc(&self, bins: usize, low: f64, high: f64) -> Result<Tensor<Dynamic, T>> {
        histc(self.value(), bins, low, high).map(Tensor::of)
    }

    /// How many elements, or what weight of them, fall into each of `bins` bins of one width over a range, that of the elements where none
    /// is given, and the edges of the bins. With `density`, the counts over their sum and the width of the bins.
    ///
    /// # Errors
    /// As [`Tensor::histc`], and where the weights have other sizes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (counts, edges) = tensor![0., 1., 1.5, 4.].histogram(2, None, None, false)?;
    /// assert_eq!((counts.to_vec()?, edges.to_vec()?), (vec![3., 1.], vec![0., 2., 4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn histogram(
        &self,
        bins: usize,
        range: Option<(f64, f64)>,
        weights: Option<&Self>,
        density: bool,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        let weights = weights.map(Self::value);
        let (counts, edges) = histogram(self.value(), bins, range, weights, density)?;
        Ok((Tensor::of(counts), Tensor::of(edges)))
    }
}
