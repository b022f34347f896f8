//! Images in other sizes.

use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::functional::average::adaptive_avg_pool;
use crate::kernels::resample::{Axis, Precision, cubic};
use crate::layout::{Axes, describe, room};
use crate::ops::cast::wide;
use crate::ops::gather::index_select;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// How elements come about between those that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// The element whose cell begins before: index `floor(i size / output)`. PyTorch's `nearest`.
    #[default]
    Nearest,
    /// The element whose cell has the middle of the new one. PyTorch's `nearest-exact`.
    NearestExact,
    /// The line through the two neighbours along each axis. PyTorch's `linear`, `bilinear` and `trilinear`.
    Linear,
    /// The cubic through four neighbours along each axis, of two axes, with -0.75 for its constant. PyTorch's `bicubic`.
    Cubic,
    /// The mean of what each new element covers. PyTorch's `area`.
    Area,
}

impl Interpolation {
    fn is_smooth(self) -> bool {
        matches!(self, Self::Linear | Self::Cubic)
    }
}

/// How large the result of [`interpolate`] is: a number for each axis behind batch and channels, or one for all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resize<'a> {
    /// Its sizes.
    Sizes(&'a [usize]),
    /// What the sizes of the input are multiplied by; the products are rounded down.
    Factors(&'a [f64]),
}

/// The options of [`interpolate`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interpolate {
    /// How elements come about. [`Interpolation::Nearest`].
    pub mode: Interpolation,
    /// Whether the middles of the first and of the last elements stay where they are, and not the outer edges. No.
    pub align_corners: bool,
    /// Whether places are computed by the sizes, and not by the factors, where these are given. No.
    pub recompute_scale_factor: bool,
}

/// Which element each of the result takes, and with which weight.
type Tap = (Vec<usize>, Option<Vec<f64>>);

/// The sum over taps of weighted elements along an axis.
fn weighted(x: &Value, axis: usize, taps: &[Tap]) -> Result<Value> {
    let mut sum: Option<Value> = None;
    for (index, weights) in taps {
        let index: Vec<i64> = index.iter().map(|&index| index as i64).collect();
        let index = Value::from_slice(x.device(), &[index.len()], &index);
        let mut part = index_select(x, axis, &index)?;
        if let Some(weights) = weights {
            let sizes: Axes<usize> = (axis..x.layout.rank())
                .map(|each| if each == axis { weights.len() } else { 1 })
                .collect();
            part = part.mul(&Value::from_slice(x.device(), &sizes, weights).cast(x.dtype()))?;
        }
        sum = Some(match sum {
            Some(sum) => sum.add(&part)?,
            None => part,
        });
    }
    Ok(sum.unwrap_or_else(|| x.clone()))
}

pub(crate) fn resized(x: &Value, to: Resize<'_>, options: Interpolate) -> Result<Value> {
    let name = "interpolate";
    let count = x.layout.rank().saturating_sub(2);
    let known = match options.mode {
        Interpolation::Cubic => count == 2,
        _ => (1..=3).contains(&count),
    };
    if !known {
        return Err(Error::shape(
            name,
            "[batch, channels, ..] with one to three axes behind; for `Cubic` two",
            describe(x.sizes()),
        ));
    }
    if options.align_corners && !options.mode.is_smooth() {
        return Err(Error::argument(
            "align_corners",
            "no, but for `Linear` and `Cubic`",
            "yes",
        ));
    }
    let given = match to {
        Resize::Sizes(sizes) => sizes.len(),
        Resize::Factors(factors) => factors.len(),
    };
    if given != 1 && given != count {
        return Err(Error::argument("size", format!("one number, or {count}"), given));
    }
    let mut outputs: Axes<(usize, Option<f64>)> = Axes::new();
    for (axis, &input) in x.sizes()[2..].iter().enumerate() {
        let at = if given == 1 { 0 } else { axis };
        outputs.push(match to {
            Resize::Sizes(sizes) => (sizes[at], None),
            Resize::Factors(factors) => {
                let factor = factors[at];
                let size = (input as f64 * factor).floor();
                if !(factor > 0.0 && size < isize::MAX as f64) {
                    return Err(Error::argument("scale_factor", "a number above 0", factor));
                }
                (size as usize, (!options.recompute_scale_factor).then_some(factor))
            }
        });
    }
    let sizes: Axes<usize> = x.sizes()[..2]
        .iter()
        .copied()
        .chain(outputs.iter().map(|each| each.0))
        .collect();
    room(name, &sizes)?;
    if sizes[2..].contains(&0) || x.sizes()[1..].contains(&0) {
        return Err(Error::shape(
            name,
            "input and output with elements, in which only the batch may be empty",
            format!("{} to {}", describe(x.sizes()), describe(&sizes)),
        ));
    }
    if options.mode == Interpolation::Area {
        let sizes: Axes<Option<usize>> = sizes[2..].iter().copied().map(Some).collect();
        return adaptive_avg_pool(name, x, &sizes);
    }
    let precision = if x.dtype() == DType::F64 {
        Precision::Double
    } else {
        Precision::Single
    };
    let mut out = wide(x);
    for (axis, &(output, factor)) in outputs.iter().enumerate().rev() {
        let input = x.sizes()[axis + 2];
        let along = Axis::new(input, output, factor, options.align_corners, precision);
        let taps: Vec<Tap> = match options.mode {
            Interpolation::Nearest => vec![(nearest(&along, false), None)],
            Interpolation::NearestExact => vec![(nearest(&along, true), None)],
            Interpolation::Linear if input == output => continue,
            Interpolation::Linear => linear_taps(&along),
            _ => cubic_taps(&along),
        };
        out = weighted(&out, axis + 2, &taps)?;
    }
    Ok(out.cast(x.dtype()))
}

/// The elements that are taken for each new one by the nearest.
fn nearest(axis: &Axis, exact: bool) -> Vec<usize> {
    (0..axis.output).map(|index| axis.nearest(index, exact)).collect()
}

/// The old element before each place, and how far behind that it is.
fn neighbours(axis: &Axis, least: f64) -> Vec<(isize, f64)> {
    (0..axis.output).map(|index| axis.neighbour(index, least)).collect()
}

fn linear_taps(axis: &Axis) -> Vec<Tap> {
    let places = neighbours(axis, 0.0);
    let tap = |next: isize, weight: fn(f64) -> f64| {
        let index = places.iter().map(|&(place, _)| axis.inside(place + next)).collect();
        (index, Some(places.iter().map(|&(_, t)| weight(t)).collect()))
    };
    vec![tap(0, |t| 1.0 - t), tap(1, |t| t)]
}

fn cubic_taps(axis: &Axis) -> Vec<Tap> {
    let places = neighbours(axis, f64::NEG_INFINITY);
    let tap = |tap: usize| {
        let index = places.iter().map(|&(place, _)| axis.inside(place + tap as isize - 1));
        let weights = places.iter().map(|&(_, t)| cubic(t)[tap]);
        (index.collect(), Some(weights.collect()))
    };
    (0..4).map(tap).collect()
}

/// `x` of `[batch, channels, ..]` in other sizes along its one to three last axes, with elements computed from their neighbours.
///
/// # Errors
/// Where input or output are empty, there are other numbers of sizes than axes, or an option does not go with the mode.
///
/// ```
/// use tensor::functional::{Interpolate, Interpolation, Resize, interpolate};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2.], &[1, 1, 2])?;
/// let y = interpolate(&x, Resize::Sizes(&[4]), Interpolate::default())?;
/// assert_eq!(y.to_vec()?, [1., 1., 2., 2.]);
/// let options = Interpolate { mode: Interpolation::Linear, align_corners: true, ..Default::default() };
/// assert_eq!(interpolate(&x, Resize::Sizes(&[3]), options)?.to_vec()?, [1., 1.5, 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn interpolate<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    to: Resize<'_>,
    options: Interpolate,
) -> Result<Tensor<Dynamic, T>> {
    resized(x.value(), to, options).map(Tensor::of)
}
