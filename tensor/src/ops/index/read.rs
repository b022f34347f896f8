//! Reading what an index names.

use crate::element::Element;
use crate::error::Result;
use crate::layout::{Axes, len};
use crate::ops::gather::index_select;
use crate::ops::index::plan::{Places, Plan};
use crate::ops::index::term::Index;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// What an index names.
pub(crate) fn get(x: &Value, index: &[Index]) -> Result<Value> {
    read(x, &Plan::of("get", x, index)?)
}

/// The same of a plan: a view, where there are no places.
pub(super) fn read(x: &Value, plan: &Plan) -> Result<Value> {
    let view = plan.view(x);
    match &plan.places {
        None => Ok(view),
        Some(places) => at_places(&view, places, &plan.sizes(&view)),
    }
}

/// The elements at places along some axes: those axes become one, along which is selected.
fn at_places(x: &Value, places: &Places, sizes: &[usize]) -> Result<Value> {
    let (count, axes) = (places.axes.len(), &places.axes);
    let (at, x) = if places.are_neighbours() {
        (axes[0], x.clone())
    } else {
        let others = (0..x.layout.rank()).filter(|axis| !axes.contains(axis));
        let order: Axes<usize> = axes.iter().copied().chain(others).collect();
        (0, x.permute(&order))
    };
    let own = &x.sizes()[at..at + count];
    let mut flat = vec![0; places.along[0].len()];
    for (list, &size) in places.along.iter().zip(own) {
        for (flat, place) in flat.iter_mut().zip(list) {
            *flat = *flat * size as i64 + place;
        }
    }
    let flat = Value::from_slice(x.device(), &[flat.len()], &flat);
    let x = if count == 1 {
        x
    } else {
        let mut merged: Axes<usize> = x.sizes().into();
        merged.drain(at..at + count);
        merged.insert(at, len(own));
        x.reshape(&merged)
    };
    Ok(index_select(&x, at, &flat)?.reshape(sizes))
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// What an index names: PyTorch's `x[..]`. The index is written with [`i!`](crate::i); what may stand in it is listed at
    /// [`Index`].
    ///
    /// Integers, ranges, `...` and new axes give a view, which copies nothing. Lists, index tensors and masks give a copy: they broadcast
    /// together, and their axes come where the first of them stands, or, where a range or a new axis stands between them, first. What
    /// a range reaches beyond an axis is left out. The gradient goes to where the elements came from, and is summed where one was taken
    /// twice.
    ///
    /// # Errors
    /// Where an index is out of range, there are more of them than axes, index tensors do not broadcast, a mask has other sizes than its
    /// axes, or a step is less than 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_eq!(x.get(i![.., 1])?.to_vec()?, [2., 5.]);
    /// assert_eq!(x.get(i![-1, 0..2])?.to_vec()?, [4., 5.]);
    /// assert_eq!(x.get(i![&x.gt(&tensor![2.5])])?.to_vec()?, [3., 4., 5., 6.]);
    /// assert_eq!(x.get(i![NewAxis, ..., [2, 0]])?.sizes(), [1, 2, 2]);
    /// assert!(x.get(i![2]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn get(&self, index: impl AsRef<[Index]>) -> Result<Tensor<Dynamic, T>> {
        get(self.value(), index.as_ref()).map(Tensor::of)
    }
}
