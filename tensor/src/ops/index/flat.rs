//! Single elements by their places in a row of all.

use std::cmp::Ordering;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::{self, describe};
use crate::ops::gather::{index_select, scatter};
use crate::ops::host::on_processor;
use crate::shape::Shape;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Indices of which negative ones have been counted from the end.
pub(super) fn from_end(operation: &'static str, index: &Value, size: usize) -> Result<Value> {
    on_processor(operation, &[index])?;
    let size = size as i64;
    let mut places = index.to_vec::<i64>()?;
    for place in &mut places {
        if !(-size..size).contains(place) {
            return Err(Error::OutOfRange {
                operation,
                what: "index",
                index: *place,
                size: format!("{size} elements"),
            });
        }
        if *place < 0 {
            *place += size;
        }
    }
    Ok(Value::from_slice(index.device(), index.sizes(), &places))
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The elements of the tensor, row by row, at the places that an index names; the result has its sizes. Negative places count
    /// from the end.
    ///
    /// # Errors
    /// Where a place is out of range.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.take(&tensor![3, 0, -2])?, tensor![4., 1., 3.]);
    /// assert_eq!(x.put(&tensor![3, 0], &tensor![8., 9.], false)?, tensor![[9., 2.], [3., 8.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn take<Q: Shape>(&self, index: &Tensor<Q, i64>) -> Result<Tensor<Q, T>> {
        let (x, index) = (self.value(), index.value());
        let flat = from_end("take", &index.reshape(&[index.len()]), x.len())?;
        Ok(Tensor::of(
            index_select(&x.reshape(&[x.len()]), 0, &flat)?.reshape(index.sizes()),
        ))
    }

    /// This tensor with the elements of `source` at the places that an index names, counted row by row, from the end where negative; or, to
    /// `accumulate`, added there.
    ///
    /// # Errors
    /// Where a place is out of range, or the source has not as many elements as the index.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.put(&tensor![3, 0], &tensor![8., 9.], false)?, tensor![[9., 2.], [3., 8.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn put<Q: Shape, R: Shape>(
        &self,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
        accumulate: bool,
    ) -> Result<Self> {
        let (x, index, source) = (self.value(), index.value(), source.value());
        if index.len() != source.len() {
            return Err(Error::shape(
                "put",
                format!("a source of {} elements, one for each of the index", index.len()),
                describe(source.sizes()),
            ));
        }
        let how = if accumulate { Scatter::Add } else { Scatter::Set };
        let flat = from_end("put", &index.reshape(&[index.len()]), x.len())?;
        let out = scatter(how, &x.reshape(&[x.len()]), 0, &flat, &source.reshape(&[source.len()]))?;
        Ok(Self::of(out.reshape(x.sizes())))
    }

    /// For every element whether it is among those of another tensor.
    ///
    /// # Errors
    /// Where a tensor is not on the processor, or could not be computed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1, 2, 3].isin(&tensor![[3, 1]])?, tensor![true, false, true]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn isin<Q: Shape>(&self, among: &Tensor<Q, T>) -> Result<Tensor<S, bool>> {
        let value = self.value();
        on_processor("isin", &[value, among.value()])?;
        let mut sorted: Vec<T> = among.to_vec()?;
        // NaN equals nothing, itself included.
        sorted.retain(|element| element.partial_cmp(element).is_some());
        sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        let is_in = |element: &T| {
            let at = sorted.partition_point(|other| other < element);
            sorted.get(at).is_some_and(|other| other == element)
        };
        let found: Vec<bool> = self.to_vec()?.iter().map(is_in).collect();
        Ok(Tensor::of(Value::from_slice(value.device(), value.sizes(), &found)))
    }
}

impl<S: Shape> Tensor<S, i64> {
    /// The index along each axis of the elements that lie at some places, counted row by row, in a tensor of `sizes`.
    ///
    /// # Errors
    /// Where a place is out of range.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let [rows, columns] = tensor![5, 1].unravel_index(&[2, 3])?.try_into().expect("two axes");
    /// assert_eq!((rows, columns), (tensor![1, 0], tensor![2, 1]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unravel_index(&self, sizes: &[usize]) -> Result<Vec<Self>> {
        let value = self.value();
        on_processor("unravel_index", &[value])?;
        let mut places = self.to_vec()?;
        let count = if sizes.contains(&0) { 0 } else { layout::len(sizes) };
        if let Some(&index) = places.iter().find(|&&place| place < 0 || place as u64 >= count as u64) {
            return Err(Error::OutOfRange {
                operation: "unravel_index",
                what: "index",
                index,
                size: describe(sizes),
            });
        }
        let mut out = Vec::with_capacity(sizes.len());
        for &size in sizes.iter().rev() {
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            let along: Vec<i64> = places.iter().map(|place| place % size).collect();
            places.iter_mut().for_each(|place| *place /= size);
            out.push(Self::of(Value::from_slice(value.device(), value.sizes(), &along)));
        }
        out.reverse();
        Ok(out)
    }
}
