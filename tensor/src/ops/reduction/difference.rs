//! Differences of neighbours, and areas under what they connect.

use tensor_ops::Compare;

use crate::element::{Differentiable, Element, Kind};
use crate::error::{Error, Result};
use crate::layout::{axis as front, describe};
use crate::ops::running::cumsum;
use crate::ops::running::recurrence::Way;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// All elements along an axis but the last, and all but the first.
fn neighbours(x: &Value, axis: usize) -> (Value, Value) {
    let len = x.sizes()[axis].saturating_sub(1);
    let start = usize::from(x.sizes()[axis] > 0);
    (x.slice(axis, 0, len, 1), x.slice(axis, start, len, 1))
}

/// `x[i + 1] - x[i]`, `times` over; of truth values whether they differ.
fn diff(x: &Value, times: usize, axis: isize) -> Result<Value> {
    let axis = front("diff", axis, x.layout.rank())?;
    let mut out = x.clone();
    for _ in 0..times.min(x.sizes()[axis]) {
        let (left, right) = neighbours(&out, axis);
        out = match x.dtype().kind() {
            Kind::Bool => right.compare(Compare::Ne, &left)?,
            Kind::Integer | Kind::Float => right.sub(&left)?,
        };
    }
    Ok(out)
}

/// How far apart the elements along an axis are.
enum Spacing<'a> {
    Even(f64),
    /// At these places: of one axis, or of the sizes of the elements.
    At(&'a Value),
}

/// The areas between neighbours.
fn areas(name: &'static str, y: &Value, spacing: &Spacing<'_>, axis: usize) -> Result<Value> {
    let (left, right) = neighbours(y, axis);
    let sums = left.add(&right)?;
    let x = match spacing {
        Spacing::Even(step) => return Ok(sums.scale(step * 0.5)),
        Spacing::At(x) => *x,
    };
    let x = match x.layout.rank() {
        1 if x.len() == y.sizes()[axis] => {
            let mut along = vec![1; y.layout.rank()];
            along[axis] = x.len();
            x.reshape(&along)
        }
        _ if x.sizes() == y.sizes() => x.clone(),
        _ => {
            let expected = format!("places of {}, or of axis {axis} of it", describe(y.sizes()));
            return Err(Error::shape(name, expected, describe(x.sizes())));
        }
    };
    let (from, to) = neighbours(&x, axis);
    Ok(sums.mul(&to.sub(&from)?)?.scale(0.5))
}

fn trapezoid(y: &Value, spacing: &Spacing<'_>, axis: isize) -> Result<Value> {
    let axis = front("trapezoid", axis, y.layout.rank())?;
    Ok(areas("trapezoid", y, spacing, axis)?.sum(&[axis], false))
}

fn cumulative(y: &Value, spacing: &Spacing<'_>, axis: isize) -> Result<Value> {
    let at = front("cumulative_trapezoid", axis, y.layout.rank())?;
    cumsum(&areas("cumulative_trapezoid", y, spacing, at)?, axis, Way::Forward)
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The differences of neighbours along an axis, `x[i + 1] - x[i]`, taken `times` over; the axis is as much shorter. Of truth values
    /// it is whether they differ. PyTorch's `n`, which is 1, and `dim`, which is -1.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![1., 2., 4., 8.]);
    /// assert_eq!(x.diff(1, -1)?.to_vec()?, [1., 2., 4.]);
    /// assert_eq!(x.trapezoid(1., -1)?.item()?, 10.5);
    /// assert_eq!(x.cumulative_trapezoid(1., -1)?.to_vec()?, [1.5, 4.5, 10.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn diff(&self, times: usize, axis: isize) -> Result<Self> {
        diff(self.value(), times, axis).map(Self::of)
    }
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The area under lines through elements that are `step` apart along an axis: `step sum((y[i] + y[i + 1]) / 2)`; the axis goes.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![1., 2., 4., 8.].into_dynamic();
    /// assert_eq!(y.trapezoid(2., -1)?.item()?, 21.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn trapezoid(&self, step: f64, axis: isize) -> Result<Self> {
        trapezoid(self.value(), &Spacing::Even(step), axis).map(Self::of)
    }

    /// [`Tensor::trapezoid`] of elements at the places `x`, which has one axis, or the sizes of this. PyTorch's `trapezoid(y, x)`.
    ///
    /// # Errors
    /// Where there is no such axis, or `x` has other sizes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (y, x) = (tensor![1., 2., 4.].into_dynamic(), tensor![0., 1., 3.].into_dynamic());
    /// assert_eq!(y.trapezoid_at(&x, -1)?.item()?, 7.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn trapezoid_at(&self, x: &Self, axis: isize) -> Result<Self> {
        trapezoid(self.value(), &Spacing::At(x.value()), axis).map(Self::of)
    }

    /// The areas of [`Tensor::trapezoid`] up to each element but the first; the axis is one shorter.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![1., 2., 4., 8.].into_dynamic();
    /// assert_eq!(y.cumulative_trapezoid(1., -1)?.to_vec()?, [1.5, 4.5, 10.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cumulative_trapezoid(&self, step: f64, axis: isize) -> Result<Self> {
        cumulative(self.value(), &Spacing::Even(step), axis).map(Self::of)
    }

    /// The areas of [`Tensor::trapezoid_at`] up to each element but the first; the axis is one shorter.
    /// PyTorch's `cumulative_trapezoid(y, x)`.
    ///
    /// # Errors
    /// Where there is no such axis, or `x` has other sizes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (y, x) = (tensor![1., 2., 4.].into_dynamic(), tensor![0., 1., 3.].into_dynamic());
    /// assert_eq!(y.cumulative_trapezoid_at(&x, -1)?.to_vec()?, [1.5, 7.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cumulative_trapezoid_at(&self, x: &Self, axis: isize) -> Result<Self> {
        cumulative(self.value(), &Spacing::At(x.value()), axis).map(Self::of)
    }
}
