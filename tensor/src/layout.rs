//! How a tensor lies in its buffer: sizes and strides, counted in elements.

use smallvec::{SmallVec, smallvec};

use crate::error::{Error, Result};

/// One number an axis; up to six axes lie in place.
pub type Axes<T> = SmallVec<[T; 6]>;

/// Sizes and strides of a view into a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    sizes: Axes<usize>,
    strides: Axes<isize>,
}

impl Layout {
    /// Row-major, without gaps.
    pub fn contiguous(sizes: &[usize]) -> Self {
        let mut strides: Axes<isize> = SmallVec::from_elem(1, sizes.len());
        let mut step = 1isize;
        for (stride, &size) in strides.iter_mut().zip(sizes).rev() {
            *stride = step;
            step = step.saturating_mul(size.max(1) as isize);
        }
        Self {
            sizes: SmallVec::from_slice(sizes),
            strides,
        }
    }

    /// Any sizes with any strides, one of each an axis.
    pub fn strided(sizes: &[usize], strides: &[isize]) -> Self {
        debug_assert_eq!(sizes.len(), strides.len());
        Self {
            sizes: sizes.into(),
            strides: strides.into(),
        }
    }

    /// The size of each axis.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The step of each axis in the buffer.
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.sizes.len()
    }

    /// The number of elements; `usize::MAX` where it does not fit.
    pub fn len(&self) -> usize {
        len(&self.sizes)
    }

    /// Whether the elements lie row-major without gaps.
    pub fn is_contiguous(&self) -> bool {
        let mut step = 1isize;
        for (&size, &stride) in self.sizes.iter().zip(&self.strides).rev() {
            if size == 0 {
                return true;
            }
            if size != 1 {
                if stride != step {
                    return false;
                }
                step = step.saturating_mul(size as isize);
            }
        }
        true
    }

    /// The same elements with two axes swapped.
    pub fn transposed(&self, a: usize, b: usize) -> Self {
        let mut layout = self.clone();
        layout.sizes.swap(a, b);
        layout.strides.swap(a, b);
        layout
    }

    /// The same elements with axis `order[i]` as axis `i`.
    pub fn permuted(&self, order: &[usize]) -> Self {
        Self {
            sizes: order.iter().map(|&axis| self.sizes[axis]).collect(),
            strides: order.iter().map(|&axis| self.strides[axis]).collect(),
        }
    }

    /// The same elements in the same order with other sizes of the same product, if some strides have them so.
    pub fn reshaped(&self, sizes: &[usize]) -> Option<Self> {
        if self.is_contiguous() || self.sizes.contains(&0) {
            return Some(Self::contiguous(sizes));
        }
        // The own axes, joined where the outer steps over the whole inner.
        let mut runs: Axes<(usize, isize)> = SmallVec::new();
        for (&size, &stride) in self.sizes.iter().zip(&self.strides) {
            match runs.last_mut() {
                _ if size == 1 => {}
                Some((length, step)) if *step == stride.saturating_mul(size as isize) => {
                    (*length, *step) = (length.saturating_mul(size), stride)
                }
                _ => runs.push((size, stride)),
            }
        }
        let mut strides: Axes<isize> = SmallVec::from_elem(1, sizes.len());
        let mut left = runs.pop();
        for (axis, &size) in sizes.iter().enumerate().rev() {
            if size == 1 {
                continue;
            }
            let (length, step) = left?;
            if length % size != 0 {
                return None;
            }
            strides[axis] = step;
            left = match length / size {
                1 => runs.pop(),
                rest => Some((rest, step.saturating_mul(size as isize))),
            };
        }
        Some(Self {
            sizes: sizes.into(),
            strides,
        })
    }

    /// The same elements seen with larger sizes: axes of size 1 and missing leading ones repeat.
    pub fn broadcast_to(&self, sizes: &[usize]) -> Option<Self> {
        let lead = sizes.len().checked_sub(self.rank())?;
        let mut strides: Axes<isize> = SmallVec::from_elem(0, sizes.len());
        for (axis, (&own, &stride)) in self.sizes.iter().zip(&self.strides).enumerate() {
            match (own, sizes[lead + axis]) {
                (a, b) if a == b => strides[lead + axis] = stride,
                (1, _) => {}
                _ => return None,
            }
        }
        Some(Self {
            sizes: SmallVec::from_slice(sizes),
            strides,
        })
    }

    /// The sizes as people write them: `[64, 784]`.
    pub fn describe(&self) -> String {
        describe(&self.sizes)
    }
}

/// The number of elements of a tensor of these sizes; `usize::MAX` where it does not fit. That is so of the sizes beside a 0 as
/// well, as in PyTorch: parts of the tensor would not fit.
pub fn len(sizes: &[usize]) -> usize {
    let others = sizes
        .iter()
        .filter(|&&size| size != 0)
        .fold(1usize, |n, &size| n.saturating_mul(size));
    if sizes.contains(&0) && others < usize::MAX {
        0
    } else {
        others
    }
}

/// The most elements that a result is asked to have. Memory ends before; so many, and a few of them together, are still counted in
/// bytes without overflow.
pub const MOST: usize = isize::MAX as usize / 64;

/// That a tensor of these sizes could be in memory.
pub fn room(operation: &'static str, sizes: &[usize]) -> Result<()> {
    if len(sizes) <= MOST {
        return Ok(());
    }
    Err(Error::shape(operation, "sizes that fit into memory", describe(sizes)))
}

/// The order that undoes an order: `inverse[order[i]] = i`.
pub fn inverse(order: &[usize]) -> Axes<usize> {
    let mut back = smallvec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        back[from] = to;
    }
    back
}

/// Sizes as people write them: `[64, 784]`.
pub fn describe(sizes: &[usize]) -> String {
    format!("{sizes:?}")
}

/// The sizes that two operands share: ranks align right, size 1 stretches.
pub fn broadcast(operation: &'static str, a: &[usize], b: &[usize]) -> Result<Axes<usize>> {
    let rank = a.len().max(b.len());
    let size = |sizes: &[usize], axis: usize| (axis + sizes.len()).checked_sub(rank).map_or(1, |axis| sizes[axis]);
    (0..rank)
        .map(|axis| match (size(a, axis), size(b, axis)) {
            (a, b) if a == b => Ok(a),
            (1, n) | (n, 1) => Ok(n),
            _ => Err(Error::shape(
                operation,
                format!("sizes that broadcast with {}", describe(a)),
                describe(b),
            )),
        })
        .collect()
}

/// An axis counted from the front, or from the end where negative, as an index.
pub fn axis(operation: &'static str, axis: isize, rank: usize) -> Result<usize> {
    let index = if axis < 0 { axis + rank as isize } else { axis };
    if index < 0 || index >= rank as isize {
        return Err(Error::OutOfRange {
            operation,
            what: "axis",
            index: axis as i64,
            size: format!("a tensor of {rank} axes"),
        });
    }
    Ok(index as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contiguous_strides_are_row_major() {
        let layout = Layout::contiguous(&[2, 3, 4]);
        assert_eq!(layout.strides(), [12, 4, 1]);
        assert!(layout.is_contiguous());
        assert!(!layout.transposed(0, 2).is_contiguous());
    }

    #[test]
    fn broadcasting_aligns_right_and_stretches_one() {
        assert_eq!(broadcast("add", &[3, 1], &[4]).unwrap().as_slice(), [3, 4]);
        assert_eq!(broadcast("add", &[], &[2, 0]).unwrap().as_slice(), [2, 0]);
        let error = broadcast("add", &[2], &[3]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`add`: expected sizes that broadcast with [2], found [3]"
        );
        let row = Layout::contiguous(&[4]).broadcast_to(&[3, 4]).unwrap();
        assert_eq!(row.strides(), [0, 1]);
    }

    #[test]
    fn orders_are_undone() {
        assert_eq!(inverse(&[2, 0, 1])[..], [1, 2, 0]);
        assert!(inverse(&[]).is_empty());
    }

    #[test]
    fn what_does_not_fit_has_no_room() {
        assert!(room("zeros", &[MOST]).is_ok() && room("zeros", &[0, MOST]).is_ok());
        let refused = room("zeros", &[2, MOST]).unwrap_err().to_string();
        assert!(
            refused.contains("zeros") && refused.contains("fit into memory"),
            "{refused}"
        );
        assert!(room("zeros", &[0, usize::MAX]).is_err());
    }

    #[test]
    fn lengths_do_not_overflow() {
        assert_eq!(len(&[usize::MAX, 3]), usize::MAX);
        assert_eq!(len(&[usize::MAX, 0, 3]), usize::MAX);
        assert_eq!(len(&[5, 0, 3]), 0);
        assert_eq!(len(&[]), 1);
    }
}
