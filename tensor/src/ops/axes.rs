//! The axes that a call names.

use smallvec::smallvec;

use crate::error::{Error, Result};
use crate::layout::{self, Axes};

/// The most axes of a tensor that is reduced along named ones, as in PyTorch.
const MOST: usize = 64;

/// An axis counted from the front. A tensor without axes is taken as one with a single axis of size 1.
pub(crate) fn axis(operation: &'static str, axis: isize, rank: usize) -> Result<usize> {
    layout::axis(operation, axis, rank.max(1))
}

/// Which axes a reduction goes over: those named, or all where none is.
pub(crate) fn marked(operation: &'static str, axes: &[isize], rank: usize) -> Result<Axes<bool>> {
    if rank > MOST {
        let found = format!("one of {rank} axes");
        return Err(Error::shape(
            operation,
            format!("a tensor of at most {MOST} axes"),
            found,
        ));
    }
    let mut marked: Axes<bool> = smallvec![axes.is_empty(); rank.max(1)];
    for &named in axes {
        let index = axis(operation, named, rank)?;
        if marked[index] {
            return Err(Error::shape(
                operation,
                "axes that differ",
                format!("axis {index} twice in {axes:?}"),
            ));
        }
        marked[index] = true;
    }
    marked.truncate(rank);
    Ok(marked)
}

/// The axes that are marked, counted from the front.
pub(crate) fn listed(marked: &[bool]) -> Axes<usize> {
    (0..marked.len()).filter(|&axis| marked[axis]).collect()
}

/// How many elements go into one along the marked axes.
pub(crate) fn count(sizes: &[usize], marked: &[bool]) -> usize {
    let sizes: Axes<usize> = listed(marked).iter().map(|&axis| sizes[axis]).collect();
    layout::len(&sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_axes_are_marked_once() {
        assert_eq!(marked("sum", &[0, -1], 3).unwrap().as_slice(), [true, false, true]);
        assert_eq!(marked("sum", &[], 2).unwrap().as_slice(), [true, true]);
        assert!(marked("sum", &[-1], 0).unwrap().is_empty());
        let error = marked("sum", &[0, -4], 4).unwrap_err().to_string();
        assert_eq!(error, "`sum`: expected axes that differ, found axis 0 twice in [0, -4]");
        assert!(marked("sum", &[0, -1], 0).is_err());
        assert!(marked("sum", &[1], 0).is_err());
        assert!(marked("sum", &[0], 65).is_err());
    }
}
