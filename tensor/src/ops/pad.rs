//! Borders around a tensor.

use smallvec::smallvec;

use crate::device::reading;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::Axes;
use crate::ops::gather::index_select;
use crate::shape::Dynamic;
use crate::tape::{Rule, Saved, Value, no_grad, record};
use crate::tensors::Tensor;

/// What a border is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pad<T> {
    /// One number.
    Constant(T),
    /// What lies on the other side of the edge, which is not repeated: `[1, 2, 3]` gets `3, 2` before it.
    Reflect,
    /// The element at the edge: `[1, 2, 3]` gets `1, 1` before it.
    Replicate,
    /// What comes at the other end: `[1, 2, 3]` gets `2, 3` before it.
    Circular,
}

/// Sizes before and behind each axis, from the first axis on.
type Borders = Axes<(isize, isize)>;

/// The borders of every axis, which are given in pairs from the last axis on.
fn borders(x: &Value, pads: &[isize]) -> Result<Borders> {
    let rank = x.layout.rank();
    if !pads.len().is_multiple_of(2) || pads.len() / 2 > rank {
        return Err(Error::argument(
            "pads",
            format!("pairs for the last axes of {}", x.layout.describe()),
            format!("{pads:?}"),
        ));
    }
    let mut out: Borders = smallvec![(0, 0); rank];
    for (axis, pair) in pads.chunks(2).enumerate() {
        out[rank - 1 - axis] = (pair[0], pair[1]);
    }
    Ok(out)
}

/// The sizes with borders; none may be below `least`.
fn padded(x: &Value, borders: &Borders, least: impl Fn(usize) -> usize) -> Result<Axes<usize>> {
    let size = |(axis, (&size, &(before, behind))): (usize, (&usize, &(isize, isize)))| {
        let out = size as i128 + before as i128 + behind as i128;
        // An axis is at most cut to nothing by either side.
        let is_cut = |pad: isize| pad < 0 && pad.unsigned_abs() > size;
        usize::try_from(out)
            .ok()
            .filter(|&out| out >= least(axis) && out <= isize::MAX as usize && !is_cut(before) && !is_cut(behind))
            .ok_or_else(|| {
                Error::argument(
                    "pads",
                    format!("borders that leave something of {}", x.layout.describe()),
                    format!("{before} and {behind} at axis {axis}"),
                )
            })
    };
    x.sizes().iter().zip(borders).enumerate().map(size).collect()
}

/// The part of `x` that negative borders leave.
fn cropped(x: &Value, borders: &Borders) -> Value {
    let cut = |pad: isize| pad.min(0).unsigned_abs();
    borders
        .iter()
        .enumerate()
        .fold(x.clone(), |x, (axis, &(before, behind))| {
            match (cut(before), cut(behind)) {
                (0, 0) => x,
                (before, behind) => x.slice(axis, before, x.sizes()[axis] - before - behind, 1),
            }
        })
}

/// The part of a larger `x` that lies inside of the borders.
fn inner(x: &Value, borders: &Borders, sizes: &[usize]) -> Value {
    borders.iter().enumerate().fold(x.clone(), |x, (axis, &(before, _))| {
        match x.sizes()[axis] == sizes[axis] {
            true => x,
            false => x.slice(axis, before.max(0).unsigned_abs(), sizes[axis], 1),
        }
    })
}

/// One number around `x`.
fn surrounded(x: &Value, borders: Borders, number: &Value) -> Result<Value> {
    let sizes = padded(x, &borders, |_| 0)?;
    let x = cropped(x, &borders);
    let out = match Value::output("pad", &[&x], x.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let own = x.sizes().to_vec();
    no_grad(|| {
        let _reading = reading([&x.buffer]);
        let backend = out.device().backend();
        backend.copy(number.expand("pad", &sizes)?.view(), out.view());
        backend.copy(x.view(), inner(&out, &borders, &own).view());
        Ok::<_, Error>(())
    })?;
    let rule = || Rule::own(move |step| Ok(smallvec![Some(inner(step.gradient, &borders, &own))]));
    Ok(record("pad", out, [&x], rule, |_| Saved::new()))
}

/// How a place outside of an axis is one inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Reflect,
    Replicate,
    Circular,
}

/// Borders of elements of `x` itself.
fn folded(x: &Value, fold: Fold, pads: &[isize]) -> Result<Value> {
    let axes = pads.len() / 2;
    let rank = x.layout.rank();
    if axes == 0 || axes > 3 || (rank != axes + 1 && rank != axes + 2) {
        return Err(Error::argument(
            "pads",
            format!(
                "pairs for all axes of {} but the first or the first two, at most three",
                x.layout.describe()
            ),
            format!("{pads:?}"),
        ));
    }
    let mut borders = borders(x, pads)?;
    let first_may_be_empty = rank == axes + 2;
    let least = |axis: usize| match (fold, axis) {
        (Fold::Circular, _) => 0,
        (_, 0) if first_may_be_empty || rank == 2 => 0,
        _ => 1,
    };
    padded(x, &borders, least)?;
    let has_nothing = (0..rank).any(|axis| x.sizes()[axis] < least(axis));
    if has_nothing {
        return Err(Error::shape(
            "pad",
            "sizes that are not 0, but for the batch",
            x.layout.describe(),
        ));
    }
    let mut out = x.clone();
    if fold == Fold::Circular {
        // What is cut off does not come again.
        out = cropped(x, &borders);
        borders
            .iter_mut()
            .for_each(|(before, behind)| (*before, *behind) = ((*before).max(0), (*behind).max(0)));
    }
    for (axis, &(before, behind)) in borders.iter().enumerate() {
        if (before, behind) == (0, 0) {
            continue;
        }
        let size = out.sizes()[axis] as isize;
        let most = match fold {
            Fold::Reflect => size - 1,
            Fold::Circular => size,
            Fold::Replicate => isize::MAX,
        };
        if before > most || behind > most {
            return Err(Error::argument(
                "pads",
                format!("borders up to {most} at axis {axis} of {}", x.layout.describe()),
                format!("{before} and {behind}"),
            ));
        }
        let place = |at: isize| match fold {
            Fold::Reflect if at < 0 => -at,
            Fold::Reflect if at >= size => 2 * (size - 1) - at,
            Fold::Reflect => at,
            Fold::Replicate => at.clamp(0, size - 1),
            Fold::Circular => at.rem_euclid(size),
        };
        let places: Vec<i64> = (-before..size + behind).map(|at| place(at) as i64).collect();
        let index = Value::from_slice(x.device(), &[places.len()], &places);
        out = index_select(&out, axis, &index)?;
    }
    Ok(out)
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The tensor with a border. `pads` has pairs from the **last** axis on: `[left, right, top, bottom, ..]`; negative ones cut off.
    /// PyTorch's `nn.functional.pad`.
    ///
    /// With [`Pad::Constant`] any of the last axes have a border. With the others all axes but the first (the channels) or the first two (batch and
    /// channels) have one, at most three; a reflection is smaller than its axis, a circular border not larger than its axis.
    ///
    /// # Errors
    /// Where there are not pairs for these axes, a border is too large, or nothing is left.
    ///
    /// ```
    /// use tensor::Pad;
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.]].into_dynamic();
    /// assert_eq!(x.pad(&[1, 2], Pad::Constant(0.))?.to_vec()?, [0., 1., 2., 3., 0., 0.]);
    /// assert_eq!(x.pad(&[2, -1], Pad::Reflect)?.to_vec()?, [3., 2., 1., 2.]);
    /// assert_eq!(x.pad(&[2, 0], Pad::Replicate)?.to_vec()?, [1., 1., 1., 2., 3.]);
    /// assert_eq!(x.pad(&[2, 0], Pad::Circular)?.to_vec()?, [2., 3., 1., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn pad(&self, pads: &[isize], with: Pad<T>) -> Result<Self> {
        let value = self.value();
        match with {
            Pad::Constant(number) => {
                let number = Value::from_slice(value.device(), &[], &[number]);
                surrounded(value, borders(value, pads)?, &number)
            }
            Pad::Reflect => folded(value, Fold::Reflect, pads),
            Pad::Replicate => folded(value, Fold::Replicate, pads),
            Pad::Circular => folded(value, Fold::Circular, pads),
        }
        .map(Self::of)
    }
}
