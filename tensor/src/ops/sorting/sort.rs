//! Elements in their order, or the first of them.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::ops::rows::{Rows, paired, sorted};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The elements of each row in order, with their places; equal ones as they came.
fn sort(name: &'static str, x: &Value, axis: isize, descending: bool) -> Result<(Value, Value)> {
    let rows = Rows::of(name, x, axis)?;
    let keys = rows.keys(x)?;
    let places = rows.run(&keys, rows.len(), |row, out: &mut [i64]| {
        for ((_, place), out) in sorted(row, descending).into_iter().zip(out) {
            *out = place as i64;
        }
    });
    let (values, places) = rows.picked(x, rows.len(), &places)?;
    Ok((rows.many(&values), rows.many(&places)))
}

/// The `k` first elements of each row in order, with their places. They are always sorted.
fn topk(x: &Value, k: usize, axis: isize, largest: bool) -> Result<(Value, Value)> {
    let rows = Rows::of("topk", x, axis)?;
    if k > rows.len() {
        return Err(Error::argument(
            "k",
            format!("at most the {} elements along axis {axis}", rows.len()),
            k,
        ));
    }
    let keys = rows.keys(x)?;
    let places = rows.run(&keys, k, |row, out: &mut [i64]| {
        let mut pairs = paired(row, largest);
        if k > 0 && k < pairs.len() {
            pairs.select_nth_unstable(k - 1);
        }
        pairs.truncate(k);
        pairs.sort_unstable();
        for ((_, place), out) in pairs.into_iter().zip(out) {
            *out = place as i64;
        }
    });
    let (values, places) = rows.picked(x, k, &places)?;
    // A tensor without axes stays one only where something is taken.
    Ok(if k == 1 {
        (rows.many(&values), rows.many(&places))
    } else {
        (values, places)
    })
}

fn kthvalue(x: &Value, k: usize, axis: isize, keep: bool) -> Result<(Value, Value)> {
    let rows = Rows::of("kthvalue", x, axis)?;
    if k == 0 || k > rows.len() {
        let expected = format!("1 to the {} elements along axis {axis}", rows.len());
        return Err(Error::argument("k", expected, k));
    }
    let keys = rows.keys(x)?;
    let places = rows.run(&keys, 1, |row, out: &mut [i64]| {
        let mut pairs = paired(row, false);
        out[0] = pairs.select_nth_unstable(k - 1).1.1 as i64;
    });
    let (values, places) = rows.picked(x, 1, &places)?;
    Ok((rows.one(&values, keep), rows.one(&places, keep)))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The elements along an axis in order, and where they were: `(values, indices)`; equal ones stay as they came, NaN is larger than
    /// all. The gradient goes where the elements came from. PyTorch's default axis is -1.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![3., 1., 2.]);
    /// let (values, places) = x.sort(-1, false)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![1., 2., 3.], vec![1, 2, 0]));
    /// assert_eq!(x.argsort(-1, true)?.to_vec()?, [0, 2, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn sort(&self, axis: isize, descending: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = sort("sort", self.value(), axis, descending)?;
        Ok((Self::of(values), Tensor::of(places)))
    }

    /// Where the elements along an axis are in their order, as [`Tensor::sort`].
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 1., 2.].into_dynamic().argsort(-1, true)?.to_vec()?, [0, 2, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn argsort(&self, axis: isize, descending: bool) -> Result<Tensor<Dynamic, i64>> {
        sort("argsort", &self.value().detach(), axis, descending).map(|(_, places)| Tensor::of(places))
    }

    /// The slices along the first axis, each number for itself, in rising order: [`Tensor::sort`] along axis 0.
    ///
    /// # Errors
    /// Where the elements are on a device that does not sort.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[3., 1.], [2., 4.]].into_dynamic();
    /// assert_eq!(x.msort()?, tensor![[2., 1.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn msort(&self) -> Result<Self> {
        sort("msort", self.value(), 0, false).map(|(values, _)| Self::of(values))
    }

    /// The `k` largest elements along an axis, or the smallest, in their order, and where they were: `(values, indices)`. They are always
    /// sorted, which PyTorch leaves open where its `sorted` is false. The gradient goes where they came from.
    ///
    /// # Errors
    /// Where there is no such axis, or fewer than `k` elements along it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![3., 1., 2.]);
    /// let (values, places) = x.topk(2, -1, true)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![3., 2.], vec![0, 2]));
    /// let (second, place) = x.kthvalue(2, -1, false)?;
    /// assert_eq!((second.item()?, place.item()?), (2., 2));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn topk(&self, k: usize, axis: isize, largest: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = topk(self.value(), k, axis, largest)?;
        Ok((Self::of(values), Tensor::of(places)))
    }

    /// The `k`-th smallest element along an axis, counted from 1, and where it was: `(values, indices)`. The axis stays with size 1 where
    /// `keep`, and the gradient goes where it came from.
    ///
    /// # Errors
    /// Where there is no such axis, `k` is 0, or there are fewer than `k` elements along it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (second, place) = tensor![3., 1., 2.].into_dynamic().kthvalue(2, -1, false)?;
    /// assert_eq!((second.item()?, place.item()?), (2., 2));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn kthvalue(&self, k: usize, axis: isize, keep: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = kthvalue(self.value(), k, axis, keep)?;
        Ok((Self::of(values), Tensor::of(places)))
    }
}
