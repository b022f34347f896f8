//! The sizes that a shape has where another shape's are known.

use std::ops::Deref;

use super::bindings::Bindings;
use super::shape::{Axis, MAX_RANK};
use crate::layout;

/// Sizes on the stack, one an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    sizes: [usize; MAX_RANK],
    rank: usize,
}

impl Deref for Sizes {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.sizes[..self.rank]
    }
}

/// The sizes that the same elements have in the shape of `to`, if they have `sizes` in the shape of `from`.
///
/// Names take the values that they have there. One axis of `to` may be left over, and is worked out from the number of elements,
/// as PyTorch does for -1. `None` if there are more such axes, or the numbers of elements differ.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::shape::{Ranked, resolve};
/// let (from, to) = (<dims![Batch, 6]>::AXES, <dims![Batch, 2, 3]>::AXES);
/// assert_eq!(resolve(from, &[5, 6], to).as_deref(), Some(&[5, 2, 3][..]));
/// assert_eq!(resolve(from, &[5, 6], <dims![Batch, 4]>::AXES), None);
/// ```
pub fn resolve(from: &[Axis], sizes: &[usize], to: &[Axis]) -> Option<Sizes> {
    let mut bindings = Bindings::default();
    for (axis, &size) in from.iter().zip(sizes) {
        (axis.bind)(&mut bindings, size);
    }
    let mut resolved = Sizes {
        sizes: [0; MAX_RANK],
        rank: to.len(),
    };
    let mut left_over = None;
    let mut product: usize = 1;
    for (index, axis) in to.iter().enumerate() {
        match (axis.evaluate)(&bindings) {
            Some(size) => {
                *resolved.sizes.get_mut(index)? = size;
                product = product.checked_mul(size)?;
            }
            None if left_over.is_none() => left_over = Some(index),
            None => return None,
        }
    }
    let elements = layout::len(sizes);
    if let Some(index) = left_over {
        let size = elements.checked_div(product)?;
        *resolved.sizes.get_mut(index)? = size;
        product = product.checked_mul(size)?;
    }
    (product == elements).then_some(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Batch, Shape};
    use crate::{declare_dims, dims};

    declare_dims! { Seq; Heads; }

    fn resolved<From: Shape, To: Shape>(sizes: &[usize]) -> Option<Vec<usize>> {
        resolve(From::AXES, sizes, To::AXES).map(|sizes| sizes.to_vec())
    }

    #[test]
    fn names_keep_their_values() {
        assert_eq!(
            resolved::<dims![Batch, 28, 28], dims![Batch, 784]>(&[3, 28, 28]),
            Some(vec![3, 784])
        );
        assert_eq!(
            resolved::<dims![Batch, Seq, 8], dims![Batch * Seq, 8]>(&[2, 5, 8]),
            Some(vec![10, 8])
        );
        assert_eq!(resolved::<dims![Batch, 0], dims![0, Batch]>(&[2, 0]), Some(vec![0, 2]));
        assert_eq!(resolved::<dims![], dims![1, 1]>(&[]), Some(vec![1, 1]));
    }

    #[test]
    fn one_axis_is_worked_out() {
        assert_eq!(
            resolved::<dims![Batch, 12], dims![Batch, Heads, 4]>(&[2, 12]),
            Some(vec![2, 3, 4])
        );
        assert_eq!(resolved::<dims![Batch, 12], dims![Seq, Heads, 4]>(&[2, 12]), None);
        assert_eq!(resolved::<dims![Batch, 12], dims![Heads, 5]>(&[2, 12]), None);
        assert_eq!(resolved::<dims![Batch, 0], dims![Heads, 0]>(&[2, 0]), None);
        assert_eq!(resolved::<dims![Batch, 12], dims![Batch, 13]>(&[2, 12]), None);
    }
}
