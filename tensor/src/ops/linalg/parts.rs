//! The results of one factorization side by side: one value, one node on the tape.

use crate::layout::{Axes, len};
use crate::ops::linalg::batch::with;
use crate::tape::Value;

/// How results lie in rows, one row for each matrix of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Parts<const N: usize> {
    lead: Axes<usize>,
    sizes: [Axes<usize>; N],
}

impl<const N: usize> Parts<N> {
    /// Results of the given sizes for each matrix.
    pub(crate) fn new(lead: &[usize], sizes: [&[usize]; N]) -> Self {
        Self {
            lead: lead.into(),
            sizes: sizes.map(Axes::from),
        }
    }

    /// The number of matrices.
    pub(crate) fn count(&self) -> usize {
        len(&self.lead)
    }

    /// The sizes of the whole.
    pub(crate) fn packed(&self) -> Axes<usize> {
        with(&self.lead, &[self.row()])
    }

    /// The numbers of a row.
    pub(crate) fn row(&self) -> usize {
        self.sizes.iter().map(|sizes| len(sizes)).sum()
    }

    /// The results, cut out of rows.
    pub(crate) fn views(&self, packed: &Value) -> [Value; N] {
        let axis = self.lead.len();
        let mut start = 0;
        std::array::from_fn(|index| {
            let sizes = &self.sizes[index];
            let part = packed.slice(axis, start, len(sizes), 1);
            start += len(sizes);
            part.reshape(&with(&self.lead, sizes))
        })
    }

    /// A row as slices, one for each result.
    pub(crate) fn split<'a, T>(&self, mut row: &'a mut [T]) -> [&'a mut [T]; N] {
        std::array::from_fn(|index| {
            let (part, rest) = std::mem::take(&mut row).split_at_mut(len(&self.sizes[index]));
            row = rest;
            part
        })
    }
}
