//! The terms of an index: what stands for one axis in `x[2, 1:3, ..., None]`.

use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use crate::shape::{Dynamic, Shape};
use crate::tensors::{Tensor, Whole};

/// One term of an index, as [`i!`](crate::i) makes them; each is also `From` what is written there.
///
/// | written | PyTorch | what it does to its axis |
/// | --- | --- | --- |
/// | `2`, `-1` | `2`, `-1` | that index; the axis goes |
/// | `1..3`, `..-1`, `2..`, `0..=4` | `1:3`, `:-1`, `2:`, `0:5` | these indices; ends are clamped, negative ones count from the end |
/// | `(1..9, 2)`, `(.., 3)` | `1:9:2`, `::3` | every second, every third of them |
/// | `..` | `:` | all of it |
/// | `...`, or [`Ellipsis`] | `...` | as many whole axes as are left |
/// | [`NewAxis`] | `None` | a new axis of size 1 |
/// | `[0, 2, -1]`, a `Vec` | `[0, 2, -1]` | these indices, in that order |
/// | `&tensor` of `i64` | `tensor` | these indices; several such terms broadcast together |
/// | `&mask` of `bool` | `mask` | the indices at which it holds; it stands for as many axes as it has |
/// | `true`, `false` | `True`, `False` | a new axis of size 1 or 0 |
#[derive(Clone, Debug)]
pub enum Index {
    /// One index, from the end where negative.
    At(i64),
    /// A range.
    Span(Span),
    /// A new axis of size 1.
    NewAxis,
    /// As many whole axes as are left.
    Ellipsis,
    /// Some indices, in any order.
    List(Vec<i64>),
    /// Some indices, as a tensor.
    Places(Tensor<Dynamic, i64>),
    /// Where a mask holds.
    Mask(Tensor<Dynamic, bool>),
}

/// A new axis of size 1 in an index. PyTorch's `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

/// As many whole axes as are left in an index: `...` inside of [`i!`](crate::i).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis;

/// A range of an index: ends may be missing, and count from the end where negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first index.
    pub start: Option<i64>,
    /// The first index that is not taken any more.
    pub stop: Option<i64>,
    /// From one index to the next; not less than 1.
    pub step: i64,
}

/// A whole number as an index; what is too large is outside of every tensor.
fn wide(number: impl Whole) -> i64 {
    number.size() as i64
}

impl<I: Whole> From<Range<I>> for Span {
    fn from(range: Range<I>) -> Self {
        Self::between(Some(wide(range.start)), Some(wide(range.end)))
    }
}

impl<I: Whole> From<RangeInclusive<I>> for Span {
    fn from(range: RangeInclusive<I>) -> Self {
        Self::between(Some(wide(*range.start())), after(wide(*range.end())))
    }
}

impl<I: Whole> From<RangeFrom<I>> for Span {
    fn from(range: RangeFrom<I>) -> Self {
        Self::between(Some(wide(range.start)), None)
    }
}

impl<I: Whole> From<RangeTo<I>> for Span {
    fn from(range: RangeTo<I>) -> Self {
        Self::between(None, Some(wide(range.end)))
    }
}

impl<I: Whole> From<RangeToInclusive<I>> for Span {
    fn from(range: RangeToInclusive<I>) -> Self {
        Self::between(None, after(wide(range.end)))
    }
}

impl From<RangeFull> for Span {
    fn from(_: RangeFull) -> Self {
        Self::between(None, None)
    }
}

/// The end of a range up to and with an index: behind the last one there is none.
fn after(last: i64) -> Option<i64> {
    match last {
        -1 => None,
        last => Some(last.saturating_add(1)),
    }
}

impl Span {
    fn between(start: Option<i64>, stop: Option<i64>) -> Self {
        Self { start, stop, step: 1 }
    }
}

macro_rules! spans {
    ($($Range:ident)+) => {
        $(
            impl<I: Whole> From<$Range<I>> for Index {
                fn from(range: $Range<I>) -> Self {
                    Self::Span(range.into())
                }
            }
        )+
    };
}

spans! { Range RangeInclusive RangeFrom RangeTo RangeToInclusive }

impl From<RangeFull> for Index {
    fn from(range: RangeFull) -> Self {
        Self::Span(range.into())
    }
}

impl From<Span> for Index {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl<R: Into<Span>, I: Whole> From<(R, I)> for Index {
    fn from((range, step): (R, I)) -> Self {
        Self::Span(Span {
            step: wide(step),
            ..range.into()
        })
    }
}

impl<I: Whole> From<I> for Index {
    fn from(index: I) -> Self {
        Self::At(wide(index))
    }
}

impl From<NewAxis> for Index {
    fn from(_: NewAxis) -> Self {
        Self::NewAxis
    }
}

impl From<Ellipsis> for Index {
    fn from(_: Ellipsis) -> Self {
        Self::Ellipsis
    }
}

impl<I: Whole, const N: usize> From<[I; N]> for Index {
    fn from(list: [I; N]) -> Self {
        Self::List(list.iter().map(|&index| wide(index)).collect())
    }
}

impl<I: Whole> From<Vec<I>> for Index {
    fn from(list: Vec<I>) -> Self {
        list.as_slice().into()
    }
}

impl<I: Whole> From<&[I]> for Index {
    fn from(list: &[I]) -> Self {
        Self::List(list.iter().map(|&index| wide(index)).collect())
    }
}

impl<S: Shape> From<&Tensor<S, i64>> for Index {
    fn from(places: &Tensor<S, i64>) -> Self {
        Self::Places(places.clone().into_dynamic())
    }
}

impl<S: Shape> From<Tensor<S, i64>> for Index {
    fn from(places: Tensor<S, i64>) -> Self {
        Self::Places(places.into_dynamic())
    }
}

impl<S: Shape> From<&Tensor<S, bool>> for Index {
    fn from(mask: &Tensor<S, bool>) -> Self {
        Self::Mask(mask.clone().into_dynamic())
    }
}

impl<S: Shape> From<Tensor<S, bool>> for Index {
    fn from(mask: Tensor<S, bool>) -> Self {
        Self::Mask(mask.into_dynamic())
    }
}

impl From<bool> for Index {
    fn from(holds: bool) -> Self {
        Self::Mask(Tensor::scalar(holds).into_dynamic())
    }
}

/// An index in PyTorch's sense: `x.get(i![2, 1..3, .., NewAxis, -1])` is its `x[2, 1:3, :, None, -1]`.
///
/// What may stand for an axis is listed at [`Index`]. As in all of Rust `..` is the whole of one range; as many whole axes as are left are `...`,
/// as in PyTorch.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![[1, 2, 3], [4, 5, 6]];
/// assert_eq!(x.get(i![1, -2..])?.to_vec()?, [5, 6]);
/// assert_eq!(x.get(i![..., 0])?.to_vec()?, [1, 4]);
/// assert_eq!(x.get(i![.., (.., 2)])?.to_vec()?, [1, 3, 4, 6]);
/// assert_eq!(x.get(i![[1, 0, 0], &tensor![0, 1, 2]])?.to_vec()?, [4, 2, 3]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[macro_export]
macro_rules! i {
    ($($terms:tt)*) => {{
        // Ends count from the end where they are negative: `2..=-1` is not empty.
        #[allow(clippy::reversed_empty_ranges)]
        let terms = $crate::__index!([] $($terms)*);
        terms
    }};
}

/// The terms of [`i!`](crate::i), one after the other.
#[doc(hidden)]
#[macro_export]
macro_rules! __index {
    ([$($done:expr),*]) => { [$($done),*] as [$crate::Index; _] };
    ([$($done:expr),*] ... $(, $($rest:tt)*)?) => { $crate::__index!([$($done,)* $crate::Index::Ellipsis] $($($rest)*)?) };
    ([$($done:expr),*] $term:expr $(, $($rest:tt)*)?) => {
        $crate::__index!([$($done,)* $crate::Index::from($term)] $($($rest)*)?)
    };
}
