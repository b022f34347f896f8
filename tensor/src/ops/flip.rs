//! The same elements at other places of their axes: `flip`, `roll`, `rot90`. All are copies.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, describe};
use crate::ops::join::cat;
use crate::ops::permute::distinct;
use crate::ops::view::{Look, contiguous, look};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Some axes from the end to the front.
pub(crate) fn flip(x: &Value, axes: &[isize]) -> Result<Value> {
    let axes = distinct("flip", axes, x.layout.rank().max(1))?;
    if x.layout.rank() == 0 {
        return Ok(x.clone());
    }
    let turned = |x: Value, &axis: &usize| match x.sizes()[axis] {
        0 | 1 => x,
        len => look(
            &x,
            Look::Slice {
                axis,
                start: len - 1,
                len,
                step: -1,
            },
        ),
    };
    let out = axes.iter().fold(x.clone(), turned);
    Ok(contiguous(&out))
}

/// Element `i` of an axis at `i + shift`, around its end. Without axes, that of all elements in a row.
pub(crate) fn roll(x: &Value, shifts: &[isize], axes: &[isize]) -> Result<Value> {
    if shifts.is_empty() {
        return Err(Error::argument("shifts", "one number or more", "none"));
    }
    if axes.is_empty() && shifts.len() == 1 {
        let row = x.reshape(&[x.len()]);
        return Ok(roll(&row, shifts, &[0])?.reshape(x.sizes()));
    }
    if axes.len() != shifts.len() {
        return Err(Error::shape(
            "roll",
            format!("an axis for each of the shifts {shifts:?}"),
            format!("{axes:?}"),
        ));
    }
    let mut out = x.clone();
    for (&shift, &axis) in shifts.iter().zip(axes) {
        let index = layout::axis("roll", axis, x.layout.rank())?;
        let size = out.sizes()[index];
        if size == 0 {
            continue;
        }
        let shift = shift.rem_euclid(size as isize) as usize;
        if shift > 0 {
            let (front, back) = (
                out.slice(index, 0, size - shift, 1),
                out.slice(index, size - shift, shift, 1),
            );
            out = cat("roll", &[&back, &front], axis)?;
        }
    }
    Ok(out)
}

/// A quarter turn, `times` times, from the first axis towards the second.
pub(crate) fn rot90(x: &Value, times: isize, axes: [isize; 2]) -> Result<Value> {
    if x.layout.rank() < 2 {
        return Err(Error::shape("rot90", "two axes or more", describe(x.sizes())));
    }
    let found = distinct("rot90", &axes, x.layout.rank())?;
    match times.rem_euclid(4) {
        0 => Ok(x.clone()),
        1 => Ok(flip(x, &axes[1..])?.transpose(found[0], found[1])),
        2 => flip(x, &axes),
        _ => Ok(flip(x, &axes[..1])?.transpose(found[0], found[1])),
    }
}

/// That an axis is there to be flipped.
fn with_axes(operation: &'static str, x: &Value, least: usize) -> Result<()> {
    if x.layout.rank() >= least {
        return Ok(());
    }
    Err(Error::shape(
        operation,
        format!("{least} axes or more"),
        describe(x.sizes()),
    ))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Some axes from the end to the front.
    ///
    /// # Errors
    /// Where there is no such axis, or one is named twice.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.flip(&[0, 1])?.to_vec()?, [4., 3., 2., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn flip(&self, axes: &[isize]) -> Result<Self> {
        flip(self.value(), axes).map(Self::of)
    }

    /// Axis 1 from the end to the front: left and right exchanged.
    ///
    /// # Errors
    /// Where there is none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.fliplr()?.to_vec()?, [2., 1., 4., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn fliplr(&self) -> Result<Self> {
        with_axes("fliplr", self.value(), 2)?;
        self.flip(&[1])
    }

    /// Axis 0 from the end to the front: up and down exchanged.
    ///
    /// # Errors
    /// Where there is none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.flipud()?.to_vec()?, [3., 4., 1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn flipud(&self) -> Result<Self> {
        with_axes("flipud", self.value(), 1)?;
        self.flip(&[0])
    }

    /// Element `i` along `axes[j]` goes to `i + shifts[j]`; what passes the end comes in again at the front. One shift and no axis: along all
    /// elements in a row.
    ///
    /// # Errors
    /// Where there is no such axis, or there are not as many shifts as axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 4.].into_dynamic();
    /// assert_eq!(x.roll(&[1], &[0])?.to_vec()?, [4., 1., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn roll(&self, shifts: &[isize], axes: &[isize]) -> Result<Self> {
        roll(self.value(), shifts, axes).map(Self::of)
    }

    /// `times` quarter turns in the plane of two axes, from the first towards the second; backwards where negative.
    ///
    /// # Errors
    /// Where there are no such axes, or both are one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.rot90(1, [0, 1])?.to_vec()?, [2., 4., 1., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn rot90(&self, times: isize, axes: [isize; 2]) -> Result<Self> {
        rot90(self.value(), times, axes).map(Self::of)
    }
}
