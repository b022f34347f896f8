//! Masks: where they hold, what is there, and what is put there.

use crate::device::typed::{element, float, integer};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::{broadcast, describe};
use crate::ops::gather::{index_select, scatter};
use crate::ops::host::on_processor;
use crate::ops::index::fill::Fill;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// The places, in row-major order, of elements that are not 0 or false.
fn flat(operation: &'static str, x: &Value) -> Result<Vec<usize>> {
    on_processor(operation, &[x])?;
    element!(x, T => {
        let data = x.to_vec::<T>()?;
        let held = data.iter().enumerate().filter(|(_, element)| **element != T::default());
        Ok(held.map(|(at, _)| at).collect())
    })
}

/// The index along each axis of the elements that are not 0 or false, in row-major order.
pub(super) fn holding(x: &Value) -> Result<Vec<Vec<i64>>> {
    let places = flat("nonzero", x)?;
    let mut out: Vec<Vec<i64>> = vec![Vec::with_capacity(places.len()); x.layout.rank()];
    for mut at in places {
        for (list, &size) in out.iter_mut().zip(x.sizes()).rev() {
            list.push((at % size) as i64);
            at /= size;
        }
    }
    Ok(out)
}

/// The index of each element that is not 0 or false, a row each.
fn nonzero(x: &Value) -> Result<Value> {
    let lists = holding(x)?;
    let count = match lists.first() {
        Some(list) => list.len(),
        None => flat("nonzero", x)?.len(),
    };
    let rows: Vec<i64> = (0..count)
        .flat_map(|row| lists.iter().map(move |list| list[row]))
        .collect();
    Ok(Value::from_slice(x.device(), &[count, lists.len()], &rows))
}

/// `x` and a mask at the sizes that they share.
fn together(operation: &'static str, x: &Value, mask: &Value) -> Result<(Value, Value)> {
    let sizes = broadcast(operation, x.sizes(), mask.sizes())?;
    Ok((x.expand(operation, &sizes)?, mask.expand(operation, &sizes)?))
}

/// The places where a mask holds, as an index.
fn index(operation: &'static str, mask: &Value) -> Result<Value> {
    let places: Vec<i64> = flat(operation, mask)?.into_iter().map(|at| at as i64).collect();
    Ok(Value::from_slice(mask.device(), &[places.len()], &places))
}

/// The elements of `x` at which the mask holds, in row-major order; both broadcast.
fn masked_select(x: &Value, mask: &Value) -> Result<Value> {
    let (x, mask) = together("masked_select", x, mask)?;
    let index = index("masked_select", &mask)?;
    index_select(&x.reshape(&[x.len()]), 0, &index)
}

/// `x` with the elements of `source`, one after the other, where the mask holds; `x` and the mask broadcast.
fn masked_scatter(x: &Value, mask: &Value, source: &Value) -> Result<Value> {
    let (x, mask) = together("masked_scatter", x, mask)?;
    let index = index("masked_scatter", &mask)?;
    if source.len() < index.len() {
        return Err(Error::shape(
            "masked_scatter",
            format!(
                "a source of {} elements or more, one for each that the mask holds",
                index.len()
            ),
            describe(source.sizes()),
        ));
    }
    let source = source.reshape(&[source.len()]).slice(0, 0, index.len(), 1);
    let flat = scatter(Scatter::Set, &x.reshape(&[x.len()]), 0, &index, &source)?;
    Ok(flat.reshape(x.sizes()))
}

/// The value where the mask holds, `x` elsewhere; all broadcast.
fn masked_fill(x: &Value, mask: &Value, value: &Value) -> Result<Value> {
    if value.layout.rank() > 0 {
        return Err(Error::shape(
            "masked_fill",
            "a value without axes",
            describe(value.sizes()),
        ));
    }
    mask.select(value, x)
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The index of each element that is not 0 (or false), a row each, in row-major order: `[count, rank]`. PyTorch's `nonzero`
    /// and `argwhere`.
    ///
    /// # Errors
    /// Where the tensor is not on the processor, or could not be computed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 3.], [5., 0.]];
    /// assert_eq!(x.nonzero()?.to_vec()?, [0, 1, 1, 0]);
    /// let [rows, columns] = x.nonzero_tuple()?.try_into().expect("one for each axis");
    /// assert_eq!((rows.to_vec()?, columns.to_vec()?), (vec![0, 1], vec![1, 0]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[doc(alias = "argwhere")]
    pub fn nonzero(&self) -> Result<Tensor<Dynamic, i64>> {
        nonzero(self.value()).map(Tensor::of)
    }

    /// The same as [`Tensor::nonzero`]. PyTorch's `argwhere`.
    ///
    /// # Errors
    /// As [`Tensor::nonzero`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0., 3.], [5., 0.]].argwhere()?.to_vec()?, [0, 1, 1, 0]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn argwhere(&self) -> Result<Tensor<Dynamic, i64>> {
        self.nonzero()
    }

    /// The same as [`Tensor::nonzero`], one tensor of `[count]` for each axis: what an index takes. PyTorch's `nonzero(as_tuple=True)` and
    /// `where(condition)`. A single number is taken as one axis of size 1.
    ///
    /// # Errors
    /// As [`Tensor::nonzero`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let [rows, columns] = tensor![[0., 3.], [5., 0.]].nonzero_tuple()?.try_into().expect("one for each axis");
    /// assert_eq!((rows.to_vec()?, columns.to_vec()?), (vec![0, 1], vec![1, 0]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nonzero_tuple(&self) -> Result<Vec<Tensor<Dynamic, i64>>> {
        let value = self.value();
        let value = if value.layout.rank() == 0 {
            value.reshape(&[1])
        } else {
            value.clone()
        };
        let tensor = |list: Vec<i64>| Tensor::of(Value::from_slice(value.device(), &[list.len()], &list));
        Ok(holding(&value)?.into_iter().map(tensor).collect())
    }

    /// The elements at which a mask holds, in row-major order; both broadcast together.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, or the tensors are not on the processor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.masked_select(&tensor![true, false])?.to_vec()?, [1., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn masked_select<Q: Shape>(&self, mask: &Tensor<Q, bool>) -> Result<Tensor<Dynamic, T>> {
        masked_select(self.value(), mask.value()).map(Tensor::of)
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// `value` where a mask holds, the elements elsewhere; both broadcast together. The value is a number, or a tensor without axes, to which a
    /// gradient goes.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, or the value has axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.masked_fill(&tensor![true, false], 0.)?.to_vec()?, [0., 2., 0., 4.]);
    /// assert_eq!(x.masked_scatter(&tensor![true, false], &tensor![8., 9.])?.to_vec()?, [8., 2., 9., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn masked_fill<Q: Shape>(&self, mask: &Tensor<Q, bool>, value: impl Fill<T>) -> Result<Self> {
        masked_fill(self.value(), mask.value(), value.tensor(self.device()).value()).map(Self::of)
    }

    /// The elements of `source`, one after the other, where a mask holds, those of this tensor elsewhere; mask and tensor broadcast
    /// together.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, or `source` has too few elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.masked_scatter(&tensor![true, false], &tensor![8., 9.])?.to_vec()?, [8., 2., 9., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn masked_scatter<Q: Shape, R: Shape>(&self, mask: &Tensor<Q, bool>, source: &Tensor<R, T>) -> Result<Self> {
        masked_scatter(self.value(), mask.value(), source.value()).map(Self::of)
    }
}
