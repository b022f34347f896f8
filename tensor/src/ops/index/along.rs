//! Whole slices by their indices along one axis.

use crate::element::{DType, Element, Numeric};
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::{Axes, broadcast, describe};
use crate::ops::gather::{gather, index_select, scatter};
use crate::ops::host::on_processor;
use crate::ops::index::fill::Fill;
use crate::ops::index::flat::from_end;
use crate::ops::index::lift::{lifted, resolved};
use crate::ops::index::scattered::{ScatterReduction, reduced};
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// That an index has one axis, or none, which is taken for one of size 1.
fn line(operation: &'static str, index: &Value) -> Result<Value> {
    match index.layout.rank() {
        0 | 1 => Ok(lifted(index)),
        _ => Err(Error::shape(operation, "an index of one axis", index.layout.describe())),
    }
}

/// The slices of `x` along an axis, in the order of the index.
fn select(x: &Value, axis: isize, index: &Value) -> Result<Value> {
    let axis = resolved("index_select", axis, x)?;
    let index = line("index_select", index)?;
    inside("index_select", &lifted(x), axis, &index)?;
    let out = index_select(&lifted(x), axis, &index)?;
    match (x.layout.rank(), out.len()) {
        (0, 1) => Ok(out.reshape(&[])),
        (0, _) => Err(Error::shape(
            "index_select",
            "one index for a tensor without axes",
            index.layout.describe(),
        )),
        _ => Ok(out),
    }
}

/// That an index is inside where no element is brought anywhere; else whoever brings them looks.
fn inside(operation: &'static str, x: &Value, axis: usize, index: &Value) -> Result<()> {
    let moves = (0..x.layout.rank()).all(|other| other == axis || x.sizes()[other] > 0);
    if moves || index.dtype() != DType::I64 {
        return Ok(());
    }
    on_processor(operation, &[index])?;
    let size = x.sizes()[axis];
    match index
        .to_vec::<i64>()?
        .into_iter()
        .find(|&place| place < 0 || place as u64 >= size as u64)
    {
        None => Ok(()),
        Some(index) => Err(Error::OutOfRange {
            operation,
            what: "index",
            index,
            size: format!("an axis of {size}"),
        }),
    }
}

/// An index of one axis for every element of `sizes`, whose size along the axis it has.
fn wide(operation: &'static str, axis: usize, index: &Value, sizes: &[usize]) -> Result<Value> {
    let mut narrow: Axes<usize> = sizes.iter().map(|_| 1).collect();
    narrow[axis] = index.len();
    index.reshape(&narrow).expand(operation, sizes)
}

/// `x`, `source` and the index for every element of the source, whose sizes are those of `x` but along the axis.
fn paired(operation: &'static str, x: &Value, axis: isize, index: &Value, source: &Value) -> Result<[Value; 3]> {
    let axis = resolved(operation, axis, x)?;
    let index = line(operation, index)?;
    let (own, lifted_source) = (lifted(x), lifted(source));
    let mut expected: Axes<usize> = own.sizes().into();
    expected[axis] = index.len();
    if lifted_source.sizes() != expected.as_slice() {
        return Err(Error::shape(
            operation,
            format!("a source of {}", describe(&expected)),
            describe(source.sizes()),
        ));
    }
    inside(operation, &own, axis, &index)?;
    let index = wide(operation, axis, &index, &expected)?;
    Ok([own, index, lifted_source])
}

/// `x` with the slices of `source` brought to the indices along an axis.
fn brought(
    operation: &'static str,
    how: Scatter,
    x: &Value,
    axis: isize,
    index: &Value,
    source: &Value,
) -> Result<Value> {
    let [own, index, source] = paired(operation, x, axis, index, source)?;
    let axis = resolved(operation, axis, x)?;
    Ok(scatter(how, &own, axis, &index, &source)?.reshape(x.sizes()))
}

/// `x` with one number at the indices along an axis; negative indices count from the end.
fn filled(x: &Value, axis: isize, index: &Value, value: &Value) -> Result<Value> {
    let axis = resolved("index_fill", axis, x)?;
    if value.layout.rank() > 0 {
        return Err(Error::shape(
            "index_fill",
            "a value without axes",
            describe(value.sizes()),
        ));
    }
    let own = lifted(x);
    let index = from_end("index_fill", &line("index_fill", index)?, own.sizes()[axis])?;
    // Each place once, so that the gradient of the value counts it once.
    let mut places = index.to_vec::<i64>()?;
    places.sort_unstable();
    places.dedup();
    let index = Value::from_slice(index.device(), &[places.len()], &places);
    let mut sizes: Axes<usize> = own.sizes().into();
    sizes[axis] = index.len();
    let index = wide("index_fill", axis, &index, &sizes)?;
    let values = value.expand("index_fill", &sizes)?;
    Ok(scatter(Scatter::Set, &own, axis, &index, &values)?.reshape(x.sizes()))
}

/// The elements along an axis that an index names for each; both broadcast but along the axis. Negative indices count from the end.
fn take_along(x: &Value, index: &Value, axis: Option<isize>) -> Result<Value> {
    let Some(axis) = axis else {
        let index = from_end("take_along_dim", &index.reshape(&[index.len()]), x.len())?;
        return gather(&x.reshape(&[x.len()]), 0, &index);
    };
    if x.layout.rank() != index.layout.rank() {
        return Err(Error::shape(
            "take_along_dim",
            format!("an index of {} axes", x.layout.rank()),
            index.layout.describe(),
        ));
    }
    let axis = resolved("take_along_dim", axis, x)?;
    let (own, lifted_index) = (lifted(x), lifted(index));
    let index = &from_end("take_along_dim", &lifted_index, own.sizes()[axis])?;
    let one = |sizes: &[usize]| -> Axes<usize> {
        (0..sizes.len())
            .map(|at| if at == axis { 1 } else { sizes[at] })
            .collect()
    };
    let mut sizes = broadcast("take_along_dim", &one(own.sizes()), &one(index.sizes()))?;
    sizes[axis] = own.sizes()[axis];
    let stretched = own.expand("take_along_dim", &sizes)?;
    sizes[axis] = index.sizes()[axis];
    let out = gather(&stretched, axis, &index.expand("take_along_dim", &sizes)?)?;
    Ok(match x.layout.rank() {
        0 => out.reshape(&[]),
        _ => out,
    })
}

/// `x` with the slices of a source joined to what is at the indices.
fn index_reduced(
    x: &Value,
    axis: isize,
    index: &Value,
    source: &Value,
    reduction: ScatterReduction,
    include_self: bool,
) -> Result<Value> {
    let [own, index, source] = paired("index_reduce", x, axis, index, source)?;
    let axis = resolved("index_reduce", axis, x)?;
    Ok(reduced(&own, axis, &index, &source, reduction, include_self)?.reshape(x.sizes()))
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// `out[i, j, k] = x[i, index[i, j, k], k]` for `axis` 1, and likewise for others; the result has the sizes of the index.
    ///
    /// The index has as many axes as `x` and is not longer, save along `axis`; nothing broadcasts (that is [`Tensor::take_along_dim`]).
    /// The gradient of what is taken several times is summed.
    ///
    /// # Errors
    /// Where there is no such axis, the index does not fit, or one of it is not from 0 on and below the size.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.gather(1, &tensor![[0, 0], [1, 0]])?, tensor![[1., 1.], [4., 3.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn gather<Q: Shape>(&self, axis: isize, index: &Tensor<Q, i64>) -> Result<Tensor<Q, T>> {
        let (x, index) = (self.value(), index.value());
        let axis = resolved("gather", axis, x)?;
        let places = match index.len() {
            // As in PyTorch an empty index may have any sizes.
            0 => {
                return Ok(Tensor::of(
                    lifted(x).slice(axis, 0, 0, 1).reshape(&[0]).reshape(index.sizes()),
                ));
            }
            _ => lifted(index),
        };
        Ok(Tensor::of(gather(&lifted(x), axis, &places)?.reshape(index.sizes())))
    }

    /// This tensor with `factor` times the slices of `source` added at the indices along an axis; an index that comes twice gets both.
    /// PyTorch's `index_add(dim, index, source, alpha=factor)`. The sums do not depend on the number of threads.
    ///
    /// # Errors
    /// Where there is no such axis, the index has several axes or is out of range, or the source has not the sizes of this tensor with the number
    /// of indices along the axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// let rows = tensor![[10., 10.], [20., 20.]];
    /// assert_eq!(x.index_add(0, &tensor![1, 1], &rows, 1.)?, tensor![[1., 2.], [33., 34.]]);
    /// assert_eq!(x.index_copy(0, &tensor![1, 0], &rows)?, tensor![[20., 20.], [10., 10.]]);
    /// assert_eq!(x.index_fill(1, &tensor![0], -1.)?, tensor![[-1., 2.], [-1., 4.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_add<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
        factor: T,
    ) -> Result<Self> {
        let scaled = match factor == T::from_i64(1) {
            true => source.value().clone(),
            false => source
                .value()
                .mul(&Value::from_slice(source.device(), &[], &[factor]))?,
        };
        brought("index_add", Scatter::Add, self.value(), axis, index.value(), &scaled).map(Self::of)
    }

    /// This tensor with the slices of `source` in the place of those at the indices along an axis. An index should come once: else one of
    /// the slices is there.
    ///
    /// # Errors
    /// As [`Tensor::index_add`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, rows) = (tensor![[1., 2.], [3., 4.]], tensor![[10., 10.], [20., 20.]]);
    /// assert_eq!(x.index_copy(0, &tensor![1, 0], &rows)?, tensor![[20., 20.], [10., 10.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_copy<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
    ) -> Result<Self> {
        brought(
            "index_copy",
            Scatter::Set,
            self.value(),
            axis,
            index.value(),
            source.value(),
        )
        .map(Self::of)
    }

    /// This tensor with one number, or a tensor without axes, at the indices along an axis; negative ones count from the end.
    ///
    /// # Errors
    /// Where there is no such axis, the index has several axes or is out of range, or the value has axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.index_fill(1, &tensor![0], -1.)?, tensor![[-1., 2.], [-1., 4.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_fill<Q: Shape>(&self, axis: isize, index: &Tensor<Q, i64>, value: impl Fill<T>) -> Result<Self> {
        let value = value.tensor(self.device());
        filled(self.value(), axis, index.value(), value.value()).map(Self::of)
    }
}

impl<S: Shape, T: Numeric> Tensor<S, T> {
    /// This tensor with the slices of `source` joined to those at the indices along an axis; without `include_self` what is there before does
    /// not count.
    ///
    /// # Errors
    /// As [`Tensor::index_add`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::ScatterReduction;
    /// let x = tensor![1., 5.];
    /// let out = x.index_reduce(0, &tensor![0, 0], &tensor![3., 4.], ScatterReduction::Prod, true)?;
    /// assert_eq!(out, tensor![12., 5.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_reduce<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
        reduction: ScatterReduction,
        include_self: bool,
    ) -> Result<Self> {
        let (x, index, source) = (self.value(), index.value(), source.value());
        index_reduced(x, axis, index, source, reduction, include_self).map(Self::of)
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The slices along an axis, in the order of an index of one axis.
    ///
    /// # Errors
    /// Where there is no such axis, the index has several axes, or one of it is not from 0 on and below the size.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.index_select(0, &tensor![1, 1, 0])?.to_vec()?, [3., 4., 3., 4., 1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_select<Q: Shape>(&self, axis: isize, index: &Tensor<Q, i64>) -> Result<Self> {
        select(self.value(), axis, index.value()).map(Self::of)
    }

    /// The elements along an axis that an index names for each place: [`Tensor::gather`] where tensor and index broadcast along the other axes; negative
    /// indices count from the end.
    /// Without an axis both are taken row by row.
    ///
    /// # Errors
    /// Where there is no such axis, the numbers of axes differ, the other sizes do not broadcast, or an index is out of range.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.take_along_dim(&tensor![[1]], Some(0))?.to_vec()?, [3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn take_along_dim<Q: Shape>(&self, index: &Tensor<Q, i64>, axis: Option<isize>) -> Result<Self> {
        take_along(self.value(), index.value(), axis).map(Self::of)
    }
}
