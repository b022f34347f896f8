//! Places in what is sorted.

use crate::device::typed::{element, float, integer};
use crate::element::Numeric;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::elements::same_elements;
use crate::ops::gather::gather;
use crate::ops::host::on_processor;
use crate::ops::rows::{Rows, key};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;
use crate::threads::{Shared, parallel_pieces};

/// How many numbers are looked up by one task.
const PIECE: usize = 1 << 12;

/// How many elements of a row of `sequence` are below each of the values, or not above it where `right`. Either the sequence has one axis, or
/// all but the last axes are the same.
fn searchsorted(
    name: &'static str,
    sequence: &Value,
    values: &Value,
    right: bool,
    sorter: Option<&Value>,
) -> Result<Value> {
    on_processor(name, &[sequence, values])?;
    same_elements(name, sequence.dtype(), values.dtype())?;
    let (rank, wide) = (sequence.layout.rank(), values.layout.rank());
    let Some((&len, others)) = sequence.sizes().split_last() else {
        return Err(Error::shape(name, "a sequence with an axis", describe(&[])));
    };
    let rows = rank != 1;
    if rows && (wide != rank || values.sizes()[..rank - 1] != *others) {
        let expected = format!(
            "values whose axes but the last are those of {}",
            describe(sequence.sizes())
        );
        return Err(Error::shape(name, expected, describe(values.sizes())));
    }
    let sequence = match sorter {
        None => sequence.detach(),
        Some(sorter) => {
            if sorter.sizes() != sequence.sizes() {
                let expected = format!("a sorter of {}", describe(sequence.sizes()));
                return Err(Error::shape(name, expected, describe(sorter.sizes())));
            }
            gather(&sequence.detach(), rank - 1, sorter)?
        }
    };
    let keys = Rows::of(name, &sequence, -1)?.keys(&sequence)?;
    let wanted: Vec<u64> = element!(values, T => values.to_vec::<T>()?.into_iter().map(key).collect());
    let each = if rows { values.sizes()[rank - 1] } else { wanted.len() };
    let mut out = vec![0i64; wanted.len()];
    {
        let shared = Shared::new(&mut out);
        parallel_pieces(wanted.len(), PIECE, |first, number| {
            // SAFETY: the pieces do not overlap.
            let out = unsafe { shared.part(first, number) };
            for (place, out) in (first..).zip(out) {
                let start = if rows { place / each * len } else { 0 };
                let (row, value) = (&keys[start..][..len], wanted[place]);
                *out = row.partition_point(|&key| key < value || right && key == value) as i64;
            }
        });
    }
    Ok(Value::from_slice(values.device(), values.sizes(), &out))
}

fn bucketize(x: &Value, boundaries: &Value, right: bool) -> Result<Value> {
    if boundaries.layout.rank() != 1 {
        let found = describe(boundaries.sizes());
        return Err(Error::shape("bucketize", "boundaries of one axis", found));
    }
    searchsorted("bucketize", boundaries, x, right, None)
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// Where each of `values` would go in this sequence, which is sorted along its last axis: before all elements that equal it, or,
    /// where `right`, behind them. The result has the sizes of `values`. Either the sequence has one axis, or both have the same axes but the
    /// last. With PyTorch's `out_int32`, it is `.cast::<i32>()`.
    ///
    /// # Errors
    /// Where the sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let sequence = Tensor::<Dynamic>::from(vec![1., 3., 5.]);
    /// let values = Tensor::from(vec![3., 4., 9.]);
    /// assert_eq!(sequence.searchsorted(&values, false)?.to_vec()?, [1, 2, 3]);
    /// assert_eq!(sequence.searchsorted(&values, true)?.to_vec()?, [2, 2, 3]);
    /// assert_eq!(values.bucketize(&sequence, false)?.to_vec()?, [1, 2, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn searchsorted(&self, values: &Self, right: bool) -> Result<Tensor<Dynamic, i64>> {
        searchsorted("searchsorted", self.value(), values.value(), right, None).map(Tensor::of)
    }

    /// [`Tensor::searchsorted`] in a sequence that is not sorted: `sorter` has the places of its elements in their order, as
    /// [`Tensor::argsort`] gives them. PyTorch's `searchsorted(sorter=..)`.
    ///
    /// # Errors
    /// Where the sizes do not fit, or a place of `sorter` is outside.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (sequence, values) = (tensor![5., 1., 3.].into_dynamic(), tensor![3., 9.].into_dynamic());
    /// let sorter = sequence.argsort(-1, false)?;
    /// assert_eq!(sequence.searchsorted_by(&sorter, &values, false)?.to_vec()?, [1, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn searchsorted_by(
        &self,
        sorter: &Tensor<Dynamic, i64>,
        values: &Self,
        right: bool,
    ) -> Result<Tensor<Dynamic, i64>> {
        let sorter = Some(sorter.value());
        searchsorted("searchsorted", self.value(), values.value(), right, sorter).map(Tensor::of)
    }

    /// The bucket of each element, between `boundaries`, which are sorted: the number of those below it, or, where `right`, not above it.
    ///
    /// # Errors
    /// Where the boundaries have not one axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, boundaries) = (tensor![3., 6., 9.].into_dynamic(), tensor![1., 3., 5., 7.].into_dynamic());
    /// assert_eq!(x.bucketize(&boundaries, false)?.to_vec()?, [1, 3, 4]);
    /// assert_eq!(x.bucketize(&boundaries, true)?.to_vec()?, [2, 3, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn bucketize(&self, boundaries: &Self, right: bool) -> Result<Tensor<Dynamic, i64>> {
        bucketize(self.value(), boundaries.value(), right).map(Tensor::of)
    }
}
