//! Sizes that are known at run time, as people write them.

use crate::error::{Error, Result};
use crate::layout::{Axes, describe, len};

/// A whole number that a size can be written as; see [`ToSizes`].
pub trait Whole: Copy {
    /// As a size; what is too large becomes the largest there is.
    fn size(self) -> isize;
}

macro_rules! whole {
    ($($T:ident)*) => {
        $(
            impl Whole for $T {
                fn size(self) -> isize {
                    isize::try_from(self).unwrap_or(if self > 0 { isize::MAX } else { isize::MIN })
                }
            }
        )*
    };
}

whole! { usize isize i32 i64 }

/// Sizes, of which an operation may give -1 a meaning of its own: `&` of arrays, slices and `Vec`s of `usize`, `isize`, `i32` or `i64`. `()` is no
/// size at all, as `&[]` would be if its type were known.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::zeros_of(&[2, 3, 4])?;
/// assert_eq!(x.reshape(&[2, -1])?.sizes(), [2, 12]);
/// let rows: usize = 6;
/// assert_eq!(x.reshape(&[rows, 4])?.sizes(), [6, 4]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what sizes are written as",
    label = "expected sizes such as `&[2, -1]`",
    note = "an array, a slice or a `Vec` is handed over as a reference: `&sizes`; no sizes at all are `()`"
)]
pub trait ToSizes {
    /// The numbers.
    fn numbers(&self) -> Axes<isize>;
}

impl<N: Whole> ToSizes for &[N] {
    fn numbers(&self) -> Axes<isize> {
        self.iter().map(|number| number.size()).collect()
    }
}

impl<N: Whole, const LEN: usize> ToSizes for &[N; LEN] {
    fn numbers(&self) -> Axes<isize> {
        (&self[..]).numbers()
    }
}

impl<N: Whole> ToSizes for &Vec<N> {
    fn numbers(&self) -> Axes<isize> {
        (&self[..]).numbers()
    }
}

impl ToSizes for () {
    fn numbers(&self) -> Axes<isize> {
        Axes::new()
    }
}

/// The sizes of a tensor that has the elements of one of the sizes `from`. One of them may be -1: what the others leave.
pub(crate) fn inferred(operation: &'static str, from: &[usize], to: &[isize]) -> Result<Axes<usize>> {
    let wrong = || {
        Error::shape(
            operation,
            format!("sizes of {} elements, as {} has", len(from), describe(from)),
            format!("{to:?}"),
        )
    };
    let open = to.iter().filter(|&&size| size < 0).count();
    if open > 1 || to.iter().any(|&size| size < -1) {
        return Err(Error::shape(
            operation,
            "sizes, of which one may be -1",
            format!("{to:?}"),
        ));
    }
    let mut sizes: Axes<usize> = to.iter().map(|&size| size.max(1) as usize).collect();
    for (size, &asked) in sizes.iter_mut().zip(to) {
        if asked == 0 {
            *size = 0;
        }
    }
    let all = len(from);
    if let Some(axis) = to.iter().position(|&size| size < 0) {
        match len(&sizes) {
            0 => {
                return Err(Error::shape(
                    operation,
                    "sizes that determine the one that is -1",
                    format!("{to:?}"),
                ));
            }
            known if all.is_multiple_of(known) => sizes[axis] = all / known,
            _ => return Err(wrong()),
        }
    }
    if len(&sizes) != all {
        return Err(wrong());
    }
    Ok(sizes)
}

/// The sizes that a tensor of the sizes `from` is to be stretched to; -1 is the size that it has.
pub(crate) fn stretched(operation: &'static str, from: &[usize], to: &[isize]) -> Result<Axes<usize>> {
    let wrong = || {
        Error::shape(
            operation,
            format!("sizes that {} stretches to", describe(from)),
            format!("{to:?}"),
        )
    };
    let lead = to.len().checked_sub(from.len()).ok_or_else(wrong)?;
    let size = |(axis, &size): (usize, &isize)| match (size, axis.checked_sub(lead)) {
        (-1, Some(own)) => Ok(from[own]),
        (size, own) if size >= 0 && own.is_none_or(|own| from[own] == 1 || from[own] == size as usize) => {
            Ok(size as usize)
        }
        _ => Err(wrong()),
    };
    let sizes: Axes<usize> = to.iter().enumerate().map(size).collect::<Result<_>>()?;
    if len(&sizes) == usize::MAX {
        return Err(wrong());
    }
    Ok(sizes)
}

/// Sizes that must not be negative.
pub(crate) fn counts(operation: &'static str, sizes: &[isize]) -> Result<Axes<usize>> {
    let size = |&size: &isize| usize::try_from(size).ok();
    sizes
        .iter()
        .map(size)
        .collect::<Option<_>>()
        .ok_or_else(|| Error::shape(operation, "sizes from 0 on", format!("{sizes:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_size_may_be_left_open() {
        assert_eq!(inferred("view", &[2, 6], &[3, -1]).unwrap().as_slice(), [3, 4]);
        assert_eq!(inferred("view", &[0, 6], &[-1, 6]).unwrap().as_slice(), [0, 6]);
        assert!(inferred("view", &[1], &[]).unwrap().is_empty());
        for wrong in [
            &[-1, -1][..],
            &[5, -1],
            &[-2, 6],
            &[13],
            &[0, -1],
            &[isize::MAX, 2],
            &[],
        ] {
            assert!(inferred("view", &[2, 6], wrong).is_err(), "{wrong:?}");
        }
        assert!(inferred("view", &[0], &[0, -1]).is_err());
        assert!(inferred("view", &[0], &[0, isize::MAX, isize::MAX]).is_err());
    }

    #[test]
    fn what_is_open_keeps_its_size() {
        assert_eq!(stretched("expand", &[3, 1], &[2, -1, 4]).unwrap().as_slice(), [2, 3, 4]);
        assert_eq!(stretched("expand", &[1], &[0]).unwrap().as_slice(), [0]);
        for wrong in [&[-1, 3, 1][..], &[1], &[2, 1], &[3, -2], &[isize::MAX, 3, isize::MAX]] {
            assert!(stretched("expand", &[3, 1], wrong).is_err(), "{wrong:?}");
        }
    }
}
