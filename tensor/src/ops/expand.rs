//! The same elements several times: `expand` and `broadcast_to` as views, `repeat`, `tile` and `repeat_interleave` as copies.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, broadcast, describe, room};
use crate::ops::gather::index_select;
use crate::ops::host::{list, on_processor};
use crate::ops::join::values;
use crate::ops::view::contiguous;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;
use crate::tensors::sizes::{ToSizes, counts, stretched};

/// Stretched to sizes, of which -1 is the one that is there; a view.
pub(crate) fn expand(operation: &'static str, x: &Value, sizes: &[isize]) -> Result<Value> {
    x.expand(operation, &stretched(operation, x.sizes(), sizes)?)
}

/// All stretched to the sizes that they share.
pub(crate) fn broadcast_all(xs: &[&Value]) -> Result<Vec<Value>> {
    let mut sizes: Axes<usize> = Axes::new();
    for x in xs {
        sizes = broadcast("broadcast_tensors", &sizes, x.sizes())?;
    }
    xs.iter().map(|x| x.expand("broadcast_tensors", &sizes)).collect()
}

/// The whole, `times[i]` times along each axis; missing leading axes are of size 1.
pub(crate) fn repeat(operation: &'static str, x: &Value, times: &[isize]) -> Result<Value> {
    let times = counts(operation, times)?;
    let Some(lead) = times.len().checked_sub(x.layout.rank()) else {
        return Err(Error::shape(
            operation,
            format!("a number for each axis of {}", x.layout.describe()),
            describe(&times),
        ));
    };
    // Each axis behind one for its repetitions: [r0, a, r1, b]. Those that are not repeated stay single, so that views stay views.
    let (mut narrow, mut wide, mut joined) = (Axes::new(), Axes::new(), Axes::<usize>::new());
    for (axis, &times) in times.iter().enumerate() {
        let size = axis.checked_sub(lead).map_or(1, |axis| x.sizes()[axis]);
        if times != 1 {
            narrow.push(1);
            wide.push(times);
        }
        narrow.push(size);
        wide.push(size);
        joined.push(size.saturating_mul(times));
    }
    room(operation, &joined)?;
    Ok(contiguous(
        &x.reshape(&narrow).expand(operation, &wide)?.reshape(&joined),
    ))
}

/// [`repeat`] with missing leading numbers taken as 1.
pub(crate) fn tile(x: &Value, times: &[isize]) -> Result<Value> {
    let mut all: Axes<isize> = Axes::from_elem(1, x.layout.rank().saturating_sub(times.len()));
    all.extend_from_slice(times);
    repeat("tile", x, &all)
}

/// Every element `times` times, one behind the other, along an axis; without one, of all elements in a row.
pub(crate) fn repeat_interleave(x: &Value, times: usize, axis: Option<isize>) -> Result<Value> {
    let (x, axis) = along("repeat_interleave", x, axis)?;
    let mut wide: Axes<usize> = x.sizes().into();
    let mut joined = wide.clone();
    wide.insert(axis + 1, times);
    joined[axis] = joined[axis].saturating_mul(times);
    room("repeat_interleave", &joined)?;
    let out = x.unsqueeze(axis + 1).expand("repeat_interleave", &wide)?;
    Ok(contiguous(&out.reshape(&joined)))
}

/// Element `i` of an axis `times[i]` times; one number counts for all.
pub(crate) fn repeat_interleave_by(x: &Value, times: &Value, axis: Option<isize>) -> Result<Value> {
    let (x, axis) = along("repeat_interleave", x, axis)?;
    on_processor("repeat_interleave", &[times])?;
    let times: Vec<i64> = times.to_vec()?;
    let size = x.sizes()[axis];
    if times.len() != size && times.len() != 1 {
        return Err(Error::shape(
            "repeat_interleave",
            format!("one number, or {size} for axis {axis} of {}", x.layout.describe()),
            format!("{}", times.len()),
        ));
    }
    if let Some(&below) = times.iter().find(|&&count| count < 0) {
        return Err(Error::argument("times", "numbers from 0 on", below));
    }
    let count = |place: usize| times[if times.len() == 1 { 0 } else { place }] as usize;
    let mut joined: Axes<usize> = x.sizes().into();
    joined[axis] = (0..size).fold(0, |sum: usize, place| sum.saturating_add(count(place)));
    room("repeat_interleave", &joined)?;
    let mut index = list(joined[axis])?;
    for place in 0..size {
        index.resize(index.len() + count(place), place as i64);
    }
    index_select(&x, axis, &Value::from_slice(x.device(), &[index.len()], &index))
}

/// The axis that is meant; without one, that of all elements in a row.
fn along(operation: &'static str, x: &Value, axis: Option<isize>) -> Result<(Value, usize)> {
    match axis {
        None => Ok((x.reshape(&[x.len()]), 0)),
        Some(axis) if x.layout.rank() == 0 => Ok((x.reshape(&[1]), layout::axis(operation, axis, 1)?)),
        Some(axis) => Ok((x.clone(), layout::axis(operation, axis, x.layout.rank())?)),
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The same elements repeated along axes of size 1 and along new leading ones; a view whose strides there are 0. -1 keeps a size.
    ///
    /// # Errors
    /// Where another axis differs.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].into_dynamic();
    /// assert_eq!(x.expand(&[3, -1])?, tensor![[1., 2.], [1., 2.], [1., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn expand(&self, sizes: impl ToSizes) -> Result<Self> {
        expand("expand", self.value(), &sizes.numbers()).map(Self::of)
    }

    /// [`expand`](Self::expand) to the sizes of another tensor.
    ///
    /// # Errors
    /// Where an axis that is not of size 1 differs.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].into_dynamic();
    /// assert_eq!(x.expand_as(&tensor![[0, 0], [0, 0]])?, tensor![[1., 2.], [1., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn expand_as<U: Element>(&self, other: &Tensor<impl Shape, U>) -> Result<Self> {
        self.expand(other.sizes())
    }

    /// The same elements repeated along axes of size 1 and along missing leading ones; a view.
    ///
    /// # Errors
    /// Where another axis differs.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1.], [2.]].into_dynamic();
    /// assert_eq!(x.broadcast_to(&[2, 3])?, tensor![[1., 1., 1.], [2., 2., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn broadcast_to(&self, sizes: impl ToSizes) -> Result<Self> {
        expand("broadcast_to", self.value(), &sizes.numbers()).map(Self::of)
    }

    /// Several tensors stretched to the sizes that they share; views.
    ///
    /// # Errors
    /// Where they share none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![[1.], [2.]].into_dynamic(), tensor![5., 6.].into_dynamic());
    /// let both = Tensor::broadcast_tensors(&[&x, &y])?;
    /// assert_eq!(both[0], tensor![[1., 1.], [2., 2.]].into_dynamic());
    /// assert_eq!(both[1], tensor![[5., 6.], [5., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn broadcast_tensors(tensors: &[&Self]) -> Result<Vec<Self>> {
        Ok(broadcast_all(&values(tensors))?.into_iter().map(Self::of).collect())
    }

    /// The whole tensor, `times[i]` times along each axis; more numbers than axes make new leading axes. A copy.
    ///
    /// # Errors
    /// Where there are fewer numbers than axes, or one is negative.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].into_dynamic();
    /// assert_eq!(x.repeat(&[2, 2])?, tensor![[1., 2., 1., 2.], [1., 2., 1., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn repeat(&self, times: impl ToSizes) -> Result<Self> {
        repeat("repeat", self.value(), &times.numbers()).map(Self::of)
    }

    /// [`repeat`](Self::repeat), in which numbers that are missing for the first axes are 1.
    ///
    /// # Errors
    /// Where a number is negative.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1.], [2.]].into_dynamic();
    /// assert_eq!(x.tile(&[2])?, tensor![[1., 1.], [2., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tile(&self, times: impl ToSizes) -> Result<Self> {
        tile(self.value(), &times.numbers()).map(Self::of)
    }

    /// Each element `times` times, one behind the other, along an axis; without one, of all elements in a row.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.repeat_interleave(2, Some(1))?, tensor![[1., 1., 2., 2.], [3., 3., 4., 4.]].into_dynamic());
    /// assert_eq!(x.repeat_interleave(2, None)?.to_vec()?, [1., 1., 2., 2., 3., 3., 4., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn repeat_interleave(&self, times: usize, axis: Option<isize>) -> Result<Self> {
        repeat_interleave(self.value(), times, axis).map(Self::of)
    }

    /// Element `i` along an axis `times[i]` times. PyTorch's `x.repeat_interleave(times, axis)` with a tensor.
    ///
    /// # Errors
    /// Where there is no such axis, or `times` has neither one number nor one for each index, or a negative one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// let out = x.repeat_interleave_by(&tensor![1, 2], Some(0))?;
    /// assert_eq!(out, tensor![[1., 2.], [3., 4.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn repeat_interleave_by(&self, times: &Tensor<impl Shape, i64>, axis: Option<isize>) -> Result<Self> {
        repeat_interleave_by(self.value(), times.value(), axis).map(Self::of)
    }
}
