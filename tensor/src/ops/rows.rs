//! The rows of a tensor along an axis, on the processor: what is sorted, searched, and added up from one element to the next.

use crate::device::Device;
use crate::device::typed::{element, float, integer};
use crate::element::{Element, Kind};
use crate::error::Result;
use crate::layout::{self, Axes};
use crate::ops::axes;
use crate::ops::host::on_processor;
use crate::tape::Value;
use crate::threads::{Shared, parallel_pieces};

/// How the rows of a tensor along an axis lie. A tensor without axes is a row of one element.
pub(crate) struct Rows {
    axis: usize,
    sizes: Axes<usize>,
    lifted: bool,
}

impl Rows {
    /// The rows of a tensor on the processor.
    pub(crate) fn of(operation: &'static str, x: &Value, axis: isize) -> Result<Self> {
        on_processor(operation, &[x])?;
        let lifted = x.layout.rank() == 0;
        Ok(Self {
            axis: axes::axis(operation, axis, x.layout.rank())?,
            sizes: if lifted {
                [1].as_slice().into()
            } else {
                x.sizes().into()
            },
            lifted,
        })
    }

    /// The elements of a row.
    pub(crate) fn len(&self) -> usize {
        self.sizes[self.axis]
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        let others = self.sizes.iter().enumerate().filter(|(axis, _)| *axis != self.axis);
        let others: Axes<usize> = others.map(|(_, &size)| size).collect();
        layout::len(&others)
    }

    /// The axis, counted from the front.
    pub(crate) fn axis(&self) -> usize {
        self.axis
    }

    /// The tensor with at least one axis.
    pub(crate) fn lift(&self, x: &Value) -> Value {
        if self.lifted { x.reshape(&[1]) } else { x.clone() }
    }

    /// The order of axes in which that of the rows is the last.
    fn order(&self) -> Axes<usize> {
        let others = (0..self.sizes.len()).filter(|&axis| axis != self.axis);
        others.chain([self.axis]).collect()
    }

    /// The elements, row after row.
    pub(crate) fn elements<T: Element>(&self, x: &Value) -> Result<Vec<T>> {
        self.lift(&x.detach()).permute(&self.order()).to_vec()
    }

    /// What stands for the elements in comparisons, row after row: see [`key`].
    pub(crate) fn keys(&self, x: &Value) -> Result<Vec<u64>> {
        element!(x, T => Ok(self.elements::<T>(x)?.into_iter().map(key).collect()))
    }

    /// Results of `each` elements a row, as a tensor that lies as the first one did.
    pub(crate) fn value<T: Element>(&self, device: Device, each: usize, data: &[T]) -> Value {
        let order = self.order();
        let mut sizes: Axes<usize> = order.iter().map(|&axis| self.sizes[axis]).collect();
        if let Some(last) = sizes.last_mut() {
            *last = each;
        }
        Value::from_slice(device, &sizes, data).permute(&layout::inverse(&order))
    }

    /// The elements at places of their rows, of which there are `each` a row: values and places. The gradient goes to them.
    pub(crate) fn picked(&self, x: &Value, each: usize, places: &[i64]) -> Result<(Value, Value)> {
        let places = self.value(x.device(), each, places);
        let values = crate::ops::gather::gather(&self.lift(x), self.axis, &places)?;
        Ok((values, places))
    }

    /// A result of one element a row; the axis goes unless `keep`.
    pub(crate) fn one(&self, y: &Value, keep: bool) -> Value {
        match (self.lifted, keep) {
            (true, _) => y.reshape(&[]),
            (false, true) => y.clone(),
            (false, false) => y.squeeze(self.axis),
        }
    }

    /// A result of as many elements a row as asked for; a tensor without axes stays one.
    pub(crate) fn many(&self, y: &Value) -> Value {
        if self.lifted { y.reshape(&[]) } else { y.clone() }
    }

    /// Runs `body` over all rows, with a part of the result of `each` elements for every one. It may be called from several threads.
    pub(crate) fn run<I: Sync, O: Default + Clone + Send>(
        &self,
        data: &[I],
        each: usize,
        body: impl Fn(&[I], &mut [O]) + Sync,
    ) -> Vec<O> {
        let (len, count) = (self.len(), self.count());
        if each == 0 || count == 0 {
            return Vec::new();
        }
        let mut out = vec![O::default(); count * each];
        {
            let shared = Shared::new(&mut out);
            parallel_pieces(count, ((1 << 13) / len.max(1)).max(1), |first, number| {
                for row in first..first + number {
                    // SAFETY: a row is run once, and its part of the result is its own.
                    let part = unsafe { shared.part(row * each, each) };
                    body(&data[row * len..][..len], part);
                }
            });
        }
        out
    }
}

/// A number that compares as the element does among those of its type: NaN is larger than all and equal to itself, and -0 is 0.
pub(crate) fn key<T: Element>(element: T) -> u64 {
    const SIGN: u64 = 1 << 63;
    if T::DTYPE.kind() != Kind::Float {
        return element.as_i64() as u64 ^ SIGN;
    }
    let number = element.as_f64();
    if number.is_nan() {
        return u64::MAX;
    }
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The places of a row in the order of its keys, those of equal keys as they came.
pub(crate) fn sorted(keys: &[u64], descending: bool) -> Vec<(u64, usize)> {
    let mut pairs = paired(keys, descending);
    pairs.sort_unstable();
    pairs
}

/// Keys with their places; where `descending`, keys that compare the other way.
pub(crate) fn paired(keys: &[u64], descending: bool) -> Vec<(u64, usize)> {
    let turn = if descending { u64::MAX } else { 0 };
    keys.iter()
        .enumerate()
        .map(|(place, &key)| (key ^ turn, place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_compare_as_elements_do() {
        let order = [
            f64::NEG_INFINITY,
            -2.0,
            -1e-300,
            0.0,
            1e-300,
            2.0,
            f64::INFINITY,
            f64::NAN,
        ];
        assert!(order.map(key).is_sorted_by(|a, b| a < b));
        assert_eq!(key(-0f32), key(0f32));
        assert!([i64::MIN, -1, 0, i64::MAX].map(key).is_sorted_by(|a, b| a < b));
        assert!(key(false) < key(true));
    }
}
