//! Numbers in a row: `arange`, `linspace`, `logspace`.

use crate::device::Device;
use crate::element::{DType, Element, Kind, Numeric};
use crate::error::{Error, Result};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// A number as a program writes it, whole or with a fraction: `3`, `0.5`, a `usize`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number, which is not rounded.
    Whole(i64),
    /// A number with a fraction.
    Fraction(f64),
}

impl Number {
    /// In double precision; whole numbers beyond 2^53 are rounded.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor::Number::from(0.5).as_f64(), 0.5);
    /// ```
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Fraction(number) => number,
        }
    }

    /// The whole part.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor::Number::from(-2.75).as_i64(), -2);
    /// ```
    pub fn as_i64(self) -> i64 {
        match self {
            Self::Whole(number) => number,
            Self::Fraction(number) => number as i64,
        }
    }

    /// In double precision, as an element type has it: without the fraction where that has none.
    fn of(self, kind: Kind) -> f64 {
        match kind {
            Kind::Float => self.as_f64(),
            Kind::Integer | Kind::Bool => self.as_i64() as f64,
        }
    }
}

macro_rules! number {
    ($($T:ident $Kind:ident $To:ident;)*) => {
        $(
            impl From<$T> for Number {
                fn from(number: $T) -> Self {
                    Self::$Kind(number as $To)
                }
            }
        )*
    };
}

number! {
    f64 Fraction f64;
    f32 Fraction f64;
    i64 Whole i64;
    i32 Whole i64;
    u32 Whole i64;
    u8 Whole i64;
    usize Whole i64;
    isize Whole i64;
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// `start, start + step, ..` up to before `end`: `ceil((end - start) / step)` numbers, counted in double precision. Integers are exact.
    ///
    /// # Errors
    /// Where `step` is 0 or leads away from `end`, a number is not finite, or there are more than fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic, i64>::arange(5, 0, -2)?.to_vec()?, [5, 3, 1]);
    /// assert_eq!(Tensor::<Dynamic>::arange(0, 1, 0.25)?.to_vec()?, [0., 0.25, 0.5, 0.75]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn arange(start: impl Into<Number>, end: impl Into<Number>, step: impl Into<Number>) -> Result<Self> {
        let (start, end, step) = (start.into(), end.into(), step.into());
        let count = match (start, end, step) {
            (Number::Whole(start), Number::Whole(end), Number::Whole(step)) => count_whole(start, end, step)?,
            _ => count(start.as_f64(), end.as_f64(), step.as_f64())?,
        };
        counted(start, step, count)
    }

    /// `steps` numbers from `start` to `end`, both with them, at equal distances. The second half is counted from the end.
    ///
    /// # Errors
    /// Where there are more than fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::linspace(-1, 1, 5)?.to_vec()?, [-1., -0.5, 0., 0.5, 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn linspace(start: impl Into<Number>, end: impl Into<Number>, steps: usize) -> Result<Self> {
        let kind = T::DTYPE.kind();
        let (start, end) = (start.into().of(kind), end.into().of(kind));
        fits(steps as f64)?;
        made(
            (0..steps)
                .map(|index| T::from_f64(between(start, end, steps, index, f64::mul_add)))
                .collect(),
        )
    }

    /// `steps` numbers from `base^start` to `base^end`, both with them, at equal ratios.
    ///
    /// # Errors
    /// Where there are more than fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<Dynamic>::logspace(0, 2, 3, 10.)?.to_vec()?, [1., 10., 100.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn logspace(start: impl Into<Number>, end: impl Into<Number>, steps: usize, base: f64) -> Result<Self> {
        let kind = T::DTYPE.kind();
        let (start, end) = (start.into().of(kind), end.into().of(kind));
        fits(steps as f64)?;
        let number = |index| {
            let exponent = between(start, end, steps, index, |step, index, from| from + step * index);
            T::from_f64(base.powf(exponent))
        };
        made((0..steps).map(number).collect())
    }
}

/// So many numbers from `start` on, `step` apart.
pub(crate) fn counted<T: Numeric>(start: Number, step: Number, count: usize) -> Result<Tensor<Dynamic, T>> {
    let number = |index: usize| match T::DTYPE.kind() {
        Kind::Float => T::from_f64(start.as_f64() + step.as_f64() * index as f64),
        Kind::Integer | Kind::Bool => {
            T::from_i64(start.as_i64().wrapping_add(step.as_i64().wrapping_mul(index as i64)))
        }
    };
    made((0..count).map(number).collect())
}

fn made<T: Element>(data: Vec<T>) -> Result<Tensor<Dynamic, T>> {
    let value = Value::from_slice(Device::cpu(), &[data.len()], &data);
    value.buffer.check()?;
    Ok(Tensor::of(value))
}

/// Number `index` of `steps` from `start` to `end`. Whether product and sum are rounded together decides what becomes of integers that
/// are only just reached; it is as in PyTorch.
fn between(start: f64, end: f64, steps: usize, index: usize, place: impl Fn(f64, f64, f64) -> f64) -> f64 {
    if steps == 1 {
        return start;
    }
    let step = (end - start) / (steps - 1) as f64;
    if index < steps / 2 {
        place(step, index as f64, start)
    } else {
        place(-step, (steps - 1 - index) as f64, end)
    }
}

fn count(start: f64, end: f64, step: f64) -> Result<usize> {
    if !start.is_finite() || !end.is_finite() || !step.is_finite() {
        return Err(Error::argument(
            "arange",
            "finite numbers",
            format!("{start}, {end}, {step}"),
        ));
    }
    leads(
        step.partial_cmp(&0.0),
        end.partial_cmp(&start),
        &format!("{start}, {end}, {step}"),
    )?;
    fits(((end - start) / step).ceil())
}

fn count_whole(start: i64, end: i64, step: i64) -> Result<usize> {
    let found = format!("{start}, {end}, {step}");
    leads(Some(step.cmp(&0)), Some(end.cmp(&start)), &found)?;
    let (way, step) = (
        (end as i128 - start as i128).unsigned_abs(),
        (step as i128).unsigned_abs(),
    );
    let count = way.div_ceil(step);
    fits(count as f64)?;
    Ok(count as usize)
}

/// That a step is one, and leads from the start to the end.
fn leads(step: Option<std::cmp::Ordering>, way: Option<std::cmp::Ordering>, found: &str) -> Result<()> {
    use std::cmp::Ordering::Equal;
    match (step, way) {
        (Some(Equal) | None, _) => Err(Error::argument("step", "a number other than 0", found)),
        (_, Some(Equal)) => Ok(()),
        (step, way) if step == way => Ok(()),
        _ => Err(Error::argument(
            "step",
            "one that leads from the start to the end",
            found,
        )),
    }
}

/// A number of elements, if there is room for that many.
fn fits(count: f64) -> Result<usize> {
    // What is too large becomes the largest, for which there is no room.
    let count = count as usize;
    Value::empty(Device::cpu(), DType::F64, &[count]).buffer.check()?;
    Ok(count)
}
