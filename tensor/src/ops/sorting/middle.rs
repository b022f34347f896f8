//! Medians, and the most frequent element.

use smallvec::smallvec;
use tensor_ops::Compare;

use crate::element::{Element, Kind, Numeric};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::gather::gather;
use crate::ops::rows::{Rows, paired, sorted};
use crate::shape::{Dynamic, Shape};
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// What is done with NaN.
#[derive(Clone, Copy, PartialEq)]
enum Nan {
    /// One in a row is its median.
    Wins,
    /// It is as if it were not there.
    Ignored,
}

/// The place of the lower of the two middle elements of each row.
fn places(rows: &Rows, x: &Value, nan: Nan) -> Result<Vec<i64>> {
    let keys = rows.keys(x)?;
    let has_nan = x.dtype().kind() == Kind::Float;
    Ok(rows.run(&keys, 1, |row, out: &mut [i64]| {
        let missing = row.iter().filter(|&&key| has_nan && key == u64::MAX).count();
        let rank = match nan {
            Nan::Wins if missing > 0 => row.len() - missing,
            Nan::Wins => (row.len() - 1) / 2,
            Nan::Ignored => (row.len() - missing).saturating_sub(1) / 2,
        };
        out[0] = paired(row, false).select_nth_unstable(rank).1.1 as i64;
    }))
}

fn along(name: &'static str, x: &Value, axis: isize, keep: bool, nan: Nan) -> Result<(Value, Value)> {
    let rows = Rows::of(name, x, axis)?;
    if rows.len() == 0 {
        let expected = format!("elements along axis {axis}");
        return Err(Error::shape(name, expected, describe(x.sizes())));
    }
    let places = places(&rows, x, nan)?;
    let (values, places) = rows.picked(x, 1, &places)?;
    Ok((rows.one(&values, keep), rows.one(&places, keep)))
}

/// Of all elements; those that equal it share the gradient.
fn whole(name: &'static str, x: &Value, nan: Nan) -> Result<Value> {
    let flat = x.detach().reshape(&[x.len()]);
    let rows = Rows::of(name, &flat, 0)?;
    if rows.len() == 0 {
        return match x.dtype().kind() {
            Kind::Float => Ok(Value::filled(x.device(), x.dtype(), f64::NAN, &[])),
            Kind::Integer | Kind::Bool => Err(Error::shape(name, "elements", describe(x.sizes()))),
        };
    }
    let places = places(&rows, &flat, nan)?;
    let place = Value::from_slice(x.device(), &[1], &places);
    let value = gather(&flat, 0, &place)?.reshape(&[]);
    let rule = || {
        Rule::own(|step| {
            let (x, value) = (step.saved[0].detach(), step.saved[1].detach());
            let is_number = |of: &Value| of.compare(Compare::Eq, of);
            // NaN is equal to NaN here.
            let alike = x.compare(Compare::Eq, &value)?;
            let neither = is_number(&x)?.compare(Compare::Eq, &is_number(&value)?)?;
            let number = is_number(&value)?;
            let hits = number.select(&alike, &neither)?.cast(step.gradient.dtype());
            let share = step.gradient.div(&hits.total())?;
            Ok(smallvec![Some(hits.mul(&share)?)])
        })
    };
    Ok(record(name, value, [x], rule, |out| smallvec![x.clone(), out.as_own()]))
}

/// The most frequent element of each row, the smallest of several, and its last place.
fn mode(x: &Value, axis: isize, keep: bool) -> Result<(Value, Value)> {
    let rows = Rows::of("mode", x, axis)?;
    if rows.len() == 0 {
        let expected = format!("elements along axis {axis}");
        return Err(Error::shape("mode", expected, describe(x.sizes())));
    }
    let keys = rows.keys(x)?;
    let places = rows.run(&keys, 1, |row, out: &mut [i64]| {
        let mut best = (0, 0);
        for run in sorted(row, false).chunk_by(|a, b| a.0 == b.0) {
            if run.len() > best.0 {
                best = (run.len(), run[run.len() - 1].1);
            }
        }
        out[0] = best.1 as i64;
    });
    let (values, places) = rows.picked(x, 1, &places)?;
    Ok((rows.one(&values, keep), rows.one(&places, keep)))
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// The median along an axis, of an even number of elements the lower of the two in the middle, and where it was: `(values, indices)`.
    /// NaN wins. The axis stays with size 1 where `keep`, and the gradient goes where the element came from. PyTorch's `median(dim)`.
    ///
    /// # Errors
    /// Where there is no such axis, or no element along it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![4., 1., 3., 2.]);
    /// let (middle, place) = x.median_axis(0, false)?;
    /// assert_eq!((middle.item()?, place.item()?), (2., 3));
    /// assert_eq!(x.median().item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn median_axis(&self, axis: isize, keep: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = along("median", self.value(), axis, keep, Nan::Wins)?;
        Ok((Self::of(values), Tensor::of(places)))
    }

    /// [`Tensor::median_axis`] of what is not NaN; of NaN alone it is NaN. PyTorch's `nanmedian(dim)`.
    ///
    /// # Errors
    /// As there.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (middle, place) = tensor![4., f32::NAN, 3., 2.].into_dynamic().nanmedian_axis(0, false)?;
    /// assert_eq!((middle.item()?, place.item()?), (3., 2));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nanmedian_axis(&self, axis: isize, keep: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = along("nanmedian", self.value(), axis, keep, Nan::Ignored)?;
        Ok((Self::of(values), Tensor::of(places)))
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The most frequent element along an axis, of several the smallest, and its last place: `(values, indices)`. The axis stays with
    /// size 1 where `keep`, and the gradient goes to that place. PyTorch's default axis is -1.
    ///
    /// # Errors
    /// Where there is no such axis, or no element along it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (value, place) = Tensor::<Dynamic, i64>::from(vec![7, 2, 7, 2, 5]).mode(0, false)?;
    /// assert_eq!((value.item()?, place.item()?), (2, 3));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn mode(&self, axis: isize, keep: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = mode(self.value(), axis, keep)?;
        Ok((Self::of(values), Tensor::of(places)))
    }
}

impl<S: Shape, T: Numeric> Tensor<S, T> {
    /// The median of all elements, of an even number the lower of the two in the middle. NaN wins; of nothing it is NaN, and an error for
    /// whole numbers. Elements that equal it share the gradient evenly.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![4., 1., 3., 2.].median().item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn median(&self) -> Tensor<(), T> {
        carried(self.value(), whole("median", self.value(), Nan::Wins))
    }

    /// The median of all elements that are not NaN, as [`Tensor::median`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![4., f32::NAN, 3., 2.].nanmedian().item()?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nanmedian(&self) -> Tensor<(), T> {
        carried(self.value(), whole("nanmedian", self.value(), Nan::Ignored))
    }
}

/// What went wrong stays in the tensor.
fn carried<T: Element>(x: &Value, out: Result<Value>) -> Tensor<(), T> {
    Tensor::of(out.unwrap_or_else(|error| Value::poisoned(x.device(), T::DTYPE, &[], error)))
}
