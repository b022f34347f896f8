//! What a generic function asks of its sizes.

use typenum::B1;

use super::broadcast::BroadcastDim;
use super::same::SameSize;
use crate::shape::dim::{Compare, Known};

/// A size that is the same as itself: the bound for a type parameter whose tensors meet in one operation.
///
/// rustc takes `D` to be any size, and has no way to see that even `[D]` and `[D]` may be added. With this bound they may:
///
/// ```
/// # use tensor::prelude::*;
/// use tensor::shape::Comparable;
///
/// fn residual<D: Comparable>(x: &Tensor<dims![Batch, D]>, change: &Tensor<dims![Batch, D]>) -> Tensor<dims![Batch, D]> {
///     x + change
/// }
/// ```
///
/// Products, sums over an axis, transposing and flattening the other axes do without.
pub trait Comparable: Known + Compare<Self, Same = B1> + SameSize<Self> + BroadcastDim<Self, Output = Self> {}

impl<D> Comparable for D where D: Known + Compare<D, Same = B1> + SameSize<D> + BroadcastDim<D, Output = D> {}
