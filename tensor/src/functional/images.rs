//! Inputs of layers that go along the last axes: a batch, or one without a batch; kernels that go along them; numbers for each.

use crate::error::{Error, Result};
use crate::layout::describe;
use crate::tape::Value;

/// An input `[batch, channels, ..]` or `[channels, ..]` with `axes` further axes as a batch, and whether it was one.
pub(crate) fn images(name: &'static str, x: &Value, axes: usize) -> Result<(Value, bool)> {
    match x.layout.rank() {
        rank if rank == axes + 2 => Ok((x.clone(), true)),
        rank if rank == axes + 1 => Ok((x.unsqueeze(0), false)),
        _ => Err(Error::shape(
            name,
            format!("an input of {} axes, or of {} with a batch", axes + 1, axes + 2),
            describe(x.sizes()),
        )),
    }
}

/// How much of an axis a kernel spans from its first element to its last: `dilation (kernel - 1) + 1`, for what is not 0.
pub(crate) fn span(name: &'static str, x: &Value, kernel: usize, dilation: usize) -> Result<usize> {
    kernel
        .checked_sub(1)
        .and_then(|steps| steps.checked_mul(dilation)?.checked_add(1))
        .filter(|&span| span <= isize::MAX as usize)
        .ok_or_else(|| {
            Error::shape(
                name,
                "a kernel with elements, whose span fits in memory",
                format!("one of {kernel} with dilation {dilation} for {}", describe(x.sizes())),
            )
        })
}

/// That a number of an option is not 0.
pub(crate) fn positive(name: &'static str, numbers: &[usize]) -> Result<()> {
    match numbers.iter().find(|&&number| number == 0) {
        Some(zero) => Err(Error::argument(name, "1 or more", zero)),
        None => Ok(()),
    }
}

/// A number for each of `N` axes: one for all of them, or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Each<const N: usize>(pub [usize; N]);

impl<const N: usize> From<usize> for Each<N> {
    fn from(number: usize) -> Self {
        Self([number; N])
    }
}

impl<const N: usize> From<[usize; N]> for Each<N> {
    fn from(numbers: [usize; N]) -> Self {
        Self(numbers)
    }
}
