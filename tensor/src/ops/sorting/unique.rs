//! What is there once or several times.

use crate::element::{Element, Kind};
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::ops::axes;
use crate::ops::gather::index_select;
use crate::ops::host::on_processor;
use crate::ops::rows::Rows;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// What is there, each thing once, with where it went and how often it was there. What [`Tensor::unique`] and its like give.
#[derive(Debug)]
pub struct Unique<T: Element> {
    /// Each thing once.
    pub values: Tensor<Dynamic, T>,
    /// For each element, or slice, the place of its equal in `values`.
    pub inverse: Tensor<Dynamic, i64>,
    /// For each of `values` how often it was there.
    pub counts: Tensor<Dynamic, i64>,
}

/// What is compared: all elements, or the slices along an axis.
struct Slices {
    /// The elements, or what has the slices along its first axis.
    things: Value,
    /// The keys of a slice after those of another.
    keys: Vec<u64>,
    /// The elements of a slice.
    width: usize,
    count: usize,
    has_nan: bool,
}

impl Slices {
    fn of(name: &'static str, x: &Value, axis: Option<usize>) -> Result<Self> {
        on_processor(name, &[x])?;
        let things = match axis {
            None => x.detach().reshape(&[x.len()]),
            Some(_) if x.layout.rank() == 0 => x.detach().reshape(&[1]),
            Some(axis) => {
                let mut order: Axes<usize> = (0..x.layout.rank()).filter(|&other| other != axis).collect();
                order.insert(0, axis);
                x.detach().permute(&order)
            }
        };
        let count = things.sizes()[0];
        if count > 0 && things.len() == 0 {
            return Err(Error::shape(name, "slices with elements", describe(x.sizes())));
        }
        let flat = things.reshape(&[things.len()]);
        let keys = Rows::of(name, &flat, 0)?.keys(&flat)?;
        Ok(Self {
            width: keys.len().checked_div(count).unwrap_or(0),
            has_nan: x.dtype().kind() == Kind::Float,
            things,
            keys,
            count,
        })
    }

    fn slice(&self, place: usize) -> &[u64] {
        &self.keys[place * self.width..][..self.width]
    }

    /// Whether two slices are equal; NaN equals nothing.
    fn same(&self, one: usize, other: usize) -> bool {
        let pairs = self.slice(one).iter().zip(self.slice(other));
        pairs
            .into_iter()
            .all(|(a, b)| a == b && !(self.has_nan && *a == u64::MAX))
    }

    /// Joins neighbours in `order` that are equal: first places, places of equals, counts.
    fn joined(&self, order: &[usize]) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
        let (mut firsts, mut inverse, mut counts) = (Vec::new(), vec![0; self.count], Vec::new());
        let mut before = None;
        for &place in order {
            if before.is_none_or(|before| !self.same(before, place)) {
                firsts.push(place as i64);
                counts.push(0);
            }
            before = Some(place);
            let last = counts.len() - 1;
            counts[last] += 1;
            inverse[place] = last as i64;
        }
        (firsts, inverse, counts)
    }
}

fn unique<T: Element>(name: &'static str, x: &Value, axis: Option<isize>, in_order: bool) -> Result<Unique<T>> {
    let axis = axis.map(|axis| axes::axis(name, axis, x.layout.rank())).transpose()?;
    let slices = Slices::of(name, x, axis)?;
    let mut order: Vec<usize> = (0..slices.count).collect();
    if in_order {
        order.sort_by(|&one, &other| slices.slice(one).cmp(slices.slice(other)));
    }
    let (firsts, inverse, counts) = slices.joined(&order);
    let device = x.device();
    let firsts = Value::from_slice(device, &[firsts.len()], &firsts);
    let chosen = index_select(&slices.things, 0, &firsts)?;
    let values = match axis {
        Some(axis) if x.layout.rank() > 0 => {
            let mut back: Axes<usize> = (1..x.layout.rank()).collect();
            back.insert(axis, 0);
            chosen.permute(&back)
        }
        _ => chosen,
    };
    let sizes = if axis.is_some() { &[slices.count] } else { x.sizes() };
    Ok(Unique {
        values: Tensor::of(values),
        inverse: Tensor::of(Value::from_slice(device, sizes, &inverse)),
        counts: Tensor::of(Value::from_slice(device, &[counts.len()], &counts)),
    })
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// All elements that differ, in rising order, with the place of each element among them and how often each is there. Every NaN is one of
    /// its own. They have no gradient.
    ///
    /// # Errors
    /// Where the elements are on a device that does not sort.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let all = tensor![3., 1., 3.].unique()?;
    /// assert_eq!(all.values.to_vec()?, [1., 3.]);
    /// assert_eq!((all.inverse.to_vec()?, all.counts.to_vec()?), (vec![1, 0, 1], vec![1, 2]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unique(&self) -> Result<Unique<T>> {
        unique("unique", self.value(), None, true)
    }

    /// The elements, row by row, without those that equal the one before, with the place of each and the lengths of the runs.
    ///
    /// # Errors
    /// Where the elements are on a device that does not compare so.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let runs = tensor![3, 3, 1, 3].unique_consecutive()?;
    /// assert_eq!((runs.values.to_vec()?, runs.counts.to_vec()?), (vec![3, 1, 3], vec![2, 1, 1]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unique_consecutive(&self) -> Result<Unique<T>> {
        unique("unique_consecutive", self.value(), None, false)
    }

    /// All slices along an axis that differ, in the order of their elements, as [`Tensor::unique`]. PyTorch's `unique(dim)`.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let all = tensor![[3., 1.], [0., 2.], [3., 1.]].unique_axis(0)?;
    /// assert_eq!(all.values, tensor![[0., 2.], [3., 1.]].into_dynamic());
    /// assert_eq!((all.inverse.to_vec()?, all.counts.to_vec()?), (vec![1, 0, 1], vec![1, 2]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unique_axis(&self, axis: isize) -> Result<Unique<T>> {
        unique("unique", self.value(), Some(axis), true)
    }

    /// The slices along an axis without those that equal the one before, as [`Tensor::unique_consecutive`].
    /// PyTorch's `unique_consecutive(dim)`.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let runs = tensor![[3., 1.], [3., 1.], [0., 2.]].unique_consecutive_axis(0)?;
    /// assert_eq!(runs.values, tensor![[3., 1.], [0., 2.]].into_dynamic());
    /// assert_eq!(runs.counts.to_vec()?, [2, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unique_consecutive_axis(&self, axis: isize) -> Result<Unique<T>> {
        unique("unique_consecutive", self.value(), Some(axis), false)
    }
}
