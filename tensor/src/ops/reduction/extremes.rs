//! Extreme elements, with their places.

use tensor_ops::Reduce;

use crate::element::{DType, Element, Kind, Numeric};
use crate::error::{Error, Result};
use crate::kernels::reduce::Extreme;
use crate::layout::describe;
use crate::ops::reduce::along;
use crate::ops::rows::Rows;
use crate::ops::{axes, cast, gather, reduce};
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// The first place of the extreme along an axis, which stays with size 1. The tensor has axes.
fn places(name: &'static str, extreme: Extreme, x: &Value, axis: usize) -> Result<Value> {
    if x.sizes()[axis] == 0 {
        let expected = format!("elements along axis {axis}");
        return Err(Error::shape(name, expected, describe(x.sizes())));
    }
    let places = match x.dtype().kind() {
        Kind::Float => {
            let last = x.layout.rank() - 1;
            reduce::arg(extreme, &x.detach().transpose(axis, last))
                .unsqueeze(last)
                .transpose(axis, last)
        }
        // These are exact as floats of double precision; `i64` is not.
        Kind::Bool | Kind::Integer if x.dtype() != DType::I64 => {
            return places(name, extreme, &cast::cast(&x.detach(), DType::F64), axis);
        }
        Kind::Bool | Kind::Integer => {
            let rows = Rows::of(name, x, axis as isize)?;
            let data = rows.elements::<i64>(x)?;
            let found = rows.run(&data, 1, |row, out| {
                let places = 0..row.len();
                let best = match extreme {
                    Extreme::Max => places.rev().max_by_key(|&place| row[place]),
                    Extreme::Min => places.min_by_key(|&place| row[place]),
                };
                out[0] = best.unwrap_or(0) as i64;
            });
            rows.value(x.device(), 1, &found)
        }
    };
    Ok(places)
}

/// The places of the extremes along an axis, or, where none is named, among all elements.
fn arg(name: &'static str, extreme: Extreme, x: &Value, axis: Option<isize>, keep: bool) -> Result<Value> {
    x.buffer.check()?;
    let rank = x.layout.rank();
    let Some(axis) = axis else {
        let place = places(name, extreme, &x.detach().reshape(&[x.len()]), 0)?;
        return Ok(place.reshape(&vec![1; if keep { rank } else { 0 }]));
    };
    let axis = axes::axis(name, axis, rank)?;
    if rank == 0 {
        return Ok(places(name, extreme, &x.detach().reshape(&[1]), 0)?.reshape(&[]));
    }
    let places = places(name, extreme, x, axis)?;
    Ok(if keep { places } else { places.squeeze(axis) })
}

/// The extremes along an axis, with their places.
fn with_index(name: &'static str, extreme: Extreme, x: &Value, axis: isize, keep: bool) -> Result<(Value, Value)> {
    let at = axes::axis(name, axis, x.layout.rank())?;
    if x.layout.rank() == 0 {
        let place = arg(name, extreme, x, Some(axis), true)?;
        let value = gather::gather(&x.reshape(&[1]), 0, &place.reshape(&[1]))?;
        return Ok((value.reshape(&[]), place));
    }
    let places = arg(name, extreme, x, Some(axis), true)?;
    let values = gather::gather(x, at, &places)?;
    Ok(if keep {
        (values, places)
    } else {
        (values.squeeze(at), places.squeeze(at))
    })
}

macro_rules! methods {
    ($($(#[$doc:meta])* $word:literal: $along:ident $pair:ident $arg_axis:ident $arg_all:ident => $extreme:expr, $reduce:expr;)*) => {
        impl<T: Element> Tensor<Dynamic, T> {
            $(#[doc = concat!("The ", $word, " element along several axes, all where none is named, which stay with size 1 where `keep`;")]
            /// NaN wins. Where several are the extreme, they share the gradient evenly.
            ///
            /// # Errors
            /// As [`Tensor::sum_axes`], and where there is no element along the axes.
            ///
            $(#[$doc])*
            pub fn $along(&self, axes: &[isize], keep: bool) -> Result<Self> {
                along($reduce, stringify!($along), self.value(), axes, keep).map(Self::of)
            }

            #[doc = concat!("The ", $word, " element along an axis and its place, the first of several: `(values, indices)`; NaN wins.")]
            /// The axis stays with size 1 where `keep`, and the gradient goes to those places. PyTorch's `max(dim)` and `min(dim)`.
            ///
            /// # Errors
            /// Where there is no such axis, or no element along it.
            ///
            $(#[$doc])*
            pub fn $pair(&self, axis: isize, keep: bool) -> Result<(Self, Tensor<Dynamic, i64>)> {
                let (values, places) = with_index(stringify!($pair), $extreme, self.value(), axis, keep)?;
                Ok((Self::of(values), Tensor::of(places)))
            }

            #[doc = concat!("The place of the ", $word, " element along an axis, the first of several; NaN wins. The axis stays with size 1")]
            /// where `keep`. It has no gradient. PyTorch's `argmax(dim)` and `argmin(dim)`.
            ///
            /// # Errors
            /// Where there is no such axis, or no element along it.
            ///
            $(#[$doc])*
            pub fn $arg_axis(&self, axis: isize, keep: bool) -> Result<Tensor<Dynamic, i64>> {
                arg(stringify!($arg_axis), $extreme, self.value(), Some(axis), keep).map(Tensor::of)
            })*
        }

        impl<S: Shape, T: Numeric> Tensor<S, T> {
            $(#[doc = concat!("The place of the ", $word, " of all elements, row by row, the first of several; NaN wins. It has no gradient.")]
            /// PyTorch's `argmax()` and `argmin()`, which are along the last axis here.
            ///
            /// # Errors
            /// Where there is no element.
            ///
            $(#[$doc])*
            pub fn $arg_all(&self) -> Result<Tensor<(), i64>> {
                arg(stringify!($arg_all), $extreme, self.value(), None, false).map(Tensor::of)
            })*
        }
    };
}

methods! {
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 7., 7., 2.], &[2, 2])?;
    /// assert_eq!(x.amax(&[0, 1], false)?.item()?, 7.);
    /// let (values, places) = x.max_with_index(1, false)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![7., 7.], vec![1, 0]));
    /// assert_eq!(x.argmax_axis(1, true)?.sizes(), [2, 1]);
    /// assert_eq!(x.argmax_all()?.item()?, 1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    "largest": amax max_with_index argmax_axis argmax_all => Extreme::Max, Reduce::Max;
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 7., 7., 2.], &[2, 2])?;
    /// assert_eq!(x.amin(&[0, 1], false)?.item()?, 1.);
    /// let (values, places) = x.min_with_index(1, false)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![1., 2.], vec![0, 1]));
    /// assert_eq!(x.argmin_axis(1, true)?.sizes(), [2, 1]);
    /// assert_eq!(x.argmin_all()?.item()?, 0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    "smallest": amin min_with_index argmin_axis argmin_all => Extreme::Min, Reduce::Min;
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The smallest and the largest element along several axes, as [`Tensor::amin`] and [`Tensor::amax`].
    ///
    /// # Errors
    /// As these.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (least, most) = Tensor::<Dynamic>::from(vec![3., 1., 2.]).aminmax(&[], false)?;
    /// assert_eq!((least.item()?, most.item()?), (1., 3.));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn aminmax(&self, axes: &[isize], keep: bool) -> Result<(Self, Self)> {
        Ok((self.amin(axes, keep)?, self.amax(axes, keep)?))
    }
}
