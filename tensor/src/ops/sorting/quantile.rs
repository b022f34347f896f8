//! Quantiles.

use tensor_ops::Compare;

use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::ops::cast::in_single;
use crate::ops::gather::gather;
use crate::ops::rows::{Rows, sorted};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What a quantile is that falls between two elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// On the line between them.
    #[default]
    Linear,
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
    /// Half way between them.
    Midpoint,
    /// The nearer one; half way, that of even rank.
    Nearest,
}

/// The quantiles `q`, of one axis or none, of the rows along an axis, or of all elements. The axis of `q` comes first.
fn quantile(
    name: &'static str,
    x: &Value,
    q: &Value,
    axis: Option<isize>,
    keep: bool,
    between: Interpolation,
    skip_nan: bool,
) -> Result<Value> {
    if q.layout.rank() > 1 {
        return Err(Error::shape(name, "`q` of one axis at most", describe(q.sizes())));
    }
    crate::ops::elements::same_elements(name, x.dtype(), q.dtype())?;
    x.same_device(name, q)?;
    if x.len() == 0 {
        return Err(Error::shape(name, "elements", describe(x.sizes())));
    }
    let rank = x.layout.rank();
    let Some(axis) = axis else {
        let flat = x.reshape(&[x.len()]);
        let out = quantile(name, &flat, q, Some(0), false, between, skip_nan)?;
        let mut sizes: Axes<usize> = q.sizes().into();
        sizes.extend(std::iter::repeat_n(1, if keep { rank } else { 0 }));
        return Ok(out.reshape(&sizes));
    };
    let rows = Rows::of(name, x, axis)?;
    let asked = q.to_vec_f64()?;
    if let Some(outside) = asked.iter().find(|q| !(0.0..=1.0).contains(*q)) {
        return Err(Error::argument("q", "numbers from 0 to 1", outside));
    }
    let single = x.dtype() == DType::F32;
    let found = rows.keys(x)?;
    let count = asked.len();
    // For each row and quantile the places of the elements below and above, and how far it lies between them.
    let parts = rows.run(&found, count, |row, out: &mut [Part]| {
        let order = sorted(row, false);
        let missing = order.iter().rev().take_while(|(key, _)| *key == u64::MAX).count();
        for (&q, out) in asked.iter().zip(out) {
            let last = match (missing, skip_nan) {
                (0, _) => row.len() - 1,
                (_, true) => (row.len() - missing).saturating_sub(1),
                // NaN wins.
                (_, false) => {
                    let place = order[row.len() - 1].1 as i64;
                    *out = Part {
                        low: place,
                        high: place,
                        ..Part::default()
                    };
                    continue;
                }
            };
            // In the precision of the elements, as PyTorch has it.
            let rank = if single {
                f64::from(q as f32 * last as f32)
            } else {
                q * last as f64
            };
            let at = |rank: f64| order[(rank as usize).min(last)].1 as i64;
            *out = match between {
                Interpolation::Lower => Part::one(at(rank.floor())),
                Interpolation::Higher => Part::one(at(rank.ceil())),
                Interpolation::Nearest => Part::one(at(rank.round_ties_even())),
                Interpolation::Linear | Interpolation::Midpoint => Part {
                    low: at(rank.floor()),
                    high: at(rank.ceil()),
                    last: last as f64,
                    floor: rank.floor(),
                },
            };
        }
    });
    let lifted = rows.lift(x);
    let side = |read: fn(&Part) -> i64| {
        let places: Vec<i64> = parts.iter().map(read).collect();
        gather(&lifted, rows.axis(), &rows.value(x.device(), count, &places))
    };
    let numbers = |read: fn(&Part) -> f64| {
        let numbers: Vec<f64> = parts.iter().map(read).collect();
        rows.value(x.device(), count, &numbers).cast(x.dtype())
    };
    let low = side(|part| part.low)?;
    let out = match between {
        Interpolation::Lower | Interpolation::Higher | Interpolation::Nearest => low,
        Interpolation::Midpoint => low.add(&side(|part| part.high)?.sub(&low)?.scale(0.5))?,
        Interpolation::Linear => {
            let mut along = vec![1; lifted.layout.rank()];
            along[rows.axis()] = count;
            let weight = q.reshape(&along).mul(&numbers(|part| part.last))?;
            let weight = weight.sub(&numbers(|part| part.floor))?;
            lerp(&low, &side(|part| part.high)?, &weight)?
        }
    };
    // The axis of the quantiles comes first; where there is one, that of the rows stays behind it.
    let mut order: Axes<usize> = (0..lifted.layout.rank()).filter(|&axis| axis != rows.axis()).collect();
    order.insert(0, rows.axis());
    let mut sizes: Axes<usize> = q.sizes().into();
    if rank > 0 {
        let others = x.sizes().iter().enumerate();
        sizes.extend(others.filter_map(|(axis, &size)| match axis == rows.axis() {
            true => keep.then_some(1),
            false => Some(size),
        }));
    }
    Ok(out.permute(&order).reshape(&sizes))
}

/// `low + weight (high - low)`, from whichever end is nearer. Between equal infinities it is these.
fn lerp(low: &Value, high: &Value, weight: &Value) -> Result<Value> {
    let step = high.sub(low)?;
    let step = step.or_where_not(&step.compare(Compare::Eq, &step)?, 0.0)?;
    let near = weight.compare_to(Compare::Lt, 0.5);
    let from_low = low.add(&step.mul(weight)?)?;
    let from_high = high.sub(&step.mul(&weight.affine(-1.0, 1.0))?)?;
    near.select(&from_low, &from_high)
}

/// Where a quantile of a row lies.
#[derive(Clone, Copy, Default)]
struct Part {
    /// The place of the element below.
    low: i64,
    /// The place of the element above.
    high: i64,
    /// The rank of the last element.
    last: f64,
    /// The rank of the element below.
    floor: f64,
}

impl Part {
    fn one(place: i64) -> Self {
        Self {
            low: place,
            high: place,
            ..Self::default()
        }
    }
}

impl Value {
    /// The elements in double precision.
    fn to_vec_f64(&self) -> Result<Vec<f64>> {
        self.detach().cast(DType::F64).to_vec()
    }
}

fn rounded(
    name: &'static str,
    x: &Value,
    q: &Value,
    axis: Option<isize>,
    keep: bool,
    between: Interpolation,
    skip_nan: bool,
) -> Result<Value> {
    in_single(x, |x| {
        quantile(name, x, &q.cast(x.dtype()), axis, keep, between, skip_nan)
    })
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The quantile `q`, from 0 to 1, along an axis, or of all elements: the element of rank `q (n - 1)`, or what lies between two. NaN wins.
    /// The axis stays with size 1 where `keep`.
    ///
    /// # Errors
    /// Where there is no such axis, there is no element, or `q` is outside.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::Interpolation;
    /// let x = Tensor::<Dynamic>::from(vec![0., 1., 2., 3.]);
    /// assert_eq!(x.quantile(0.5, None, false, Interpolation::Linear)?.item()?, 1.5);
    /// assert_eq!(x.quantile(0.5, Some(0), true, Interpolation::Higher)?.to_vec()?, [2.]);
    /// let q = Tensor::from(vec![0., 1.]);
    /// assert_eq!(x.quantiles(&q, None, false, Interpolation::Linear)?.to_vec()?, [0., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn quantile(&self, q: f64, axis: Option<isize>, keep: bool, between: Interpolation) -> Result<Self> {
        let q = Value::number(self.device(), T::DTYPE, q);
        rounded("quantile", self.value(), &q, axis, keep, between, false).map(Self::of)
    }

    /// Several quantiles, as [`Tensor::quantile`]: the axis of `q`, where it has one, comes first in the result. `q` has a gradient as well.
    /// PyTorch's `quantile` with a tensor.
    ///
    /// # Errors
    /// As there, and where `q` has more than one axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, q) = (tensor![0., 1., 2., 3.].into_dynamic(), tensor![0., 0.5].into_dynamic());
    /// assert_eq!(x.quantiles(&q, None, false, tensor::Interpolation::Linear)?.to_vec()?, [0., 1.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn quantiles(&self, q: &Self, axis: Option<isize>, keep: bool, between: Interpolation) -> Result<Self> {
        rounded("quantile", self.value(), q.value(), axis, keep, between, false).map(Self::of)
    }

    /// Several quantiles of what is not NaN, as [`Tensor::quantiles`]; of NaN alone they are NaN. PyTorch's `nanquantile`.
    ///
    /// # Errors
    /// As there.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, q) = (tensor![0., f32::NAN, 2.].into_dynamic(), tensor![0.5, 1.].into_dynamic());
    /// assert_eq!(x.nanquantiles(&q, None, false, tensor::Interpolation::Linear)?.to_vec()?, [1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nanquantiles(&self, q: &Self, axis: Option<isize>, keep: bool, between: Interpolation) -> Result<Self> {
        rounded("nanquantile", self.value(), q.value(), axis, keep, between, true).map(Self::of)
    }
}
