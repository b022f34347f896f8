//! Truth values of elements: what class of number they are, and what holds of two.

use tensor_ops::{Compare, Pair};

use crate::element::{DType, Element, Kind};
use crate::error::{Error, Result};
use crate::ops::cast;
use crate::ops::compare::compare;
use crate::ops::names::meet;
use crate::ops::pair::pair;
use crate::shape::{Broadcast, BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::{Value, no_grad};
use crate::tensors::Tensor;

/// How far two numbers may be apart to be close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// The part of the second number's size. 1e-5 unless said otherwise.
    pub rtol: f64,
    /// What is added to that. 1e-8 unless said otherwise.
    pub atol: f64,
    /// Whether NaN is close to NaN. It is not, unless said otherwise.
    pub equal_nan: bool,
}

impl Default for Closeness {
    fn default() -> Self {
        Self {
            rtol: 1e-5,
            atol: 1e-8,
            equal_nan: false,
        }
    }
}

/// What is the same everywhere.
fn all(x: &Value, holds: bool) -> Value {
    Value::filled(x.device(), DType::Bool, f64::from(u8::from(holds)), x.sizes())
}

fn is_float(x: &Value) -> bool {
    x.dtype().kind() == Kind::Float
}

fn isnan(x: &Value) -> Value {
    if !is_float(x) {
        return all(x, false);
    }
    compare(Compare::Ne, x, x, x.sizes())
}

/// Whether `|x| op infinity`.
fn beside_infinity(op: Compare, x: &Value) -> Value {
    if !is_float(x) {
        return all(x, op == Compare::Lt);
    }
    no_grad(|| x.abs()).compare_to(op, f64::INFINITY)
}

fn is_number(x: &Value, number: f64) -> Value {
    if !is_float(x) {
        return all(x, false);
    }
    x.compare_to(Compare::Eq, number)
}

fn signbit(x: &Value) -> Value {
    if !is_float(x) {
        return compare(Compare::Lt, x, &x.constant(0.0), x.sizes());
    }
    no_grad(|| pair(Pair::Copysign, &x.constant(1.0), x, x.sizes())).compare_to(Compare::Lt, 0.0)
}

fn isclose(a: &Value, b: &Value, how: Closeness, sizes: &[usize]) -> Result<Value> {
    let Closeness { rtol, atol, equal_nan } = how;
    for (name, tolerance) in [("rtol", rtol), ("atol", atol)] {
        if tolerance.is_nan() || tolerance < 0.0 {
            return Err(Error::argument(name, "a number from 0 on", tolerance));
        }
    }
    let mut close = compare(Compare::Eq, a, b, sizes);
    if equal_nan && is_float(a) {
        close = close.either(&isnan(a).both(&isnan(b))?)?;
    }
    if rtol == 0.0 && atol == 0.0 {
        return Ok(close);
    }
    let wide = |x: &Value| {
        let x = cast::to_float(&x.detach());
        if x.dtype().is_half() { x.cast(DType::F32) } else { x }
    };
    let (a, b) = (wide(a), wide(b));
    let allowed = b.scale(rtol).abs().affine(1.0, atol);
    let apart = a.sub(&b)?.abs();
    let near = apart.compare(Compare::Le, &allowed)?;
    close.either(&near.both(&apart.compare_to(Compare::Lt, f64::INFINITY))?)
}

/// NaN and infinities replaced; the gradient is 0 where they were.
fn nan_to_num(x: &Value, nan: f64, above: Option<f64>, below: Option<f64>) -> Result<Value> {
    if !is_float(x) {
        return Ok(x.clone());
    }
    let (least, most) = range(x.dtype());
    let put = |x: Value, place: &Value, number: f64| place.select(&x.constant(number), &x);
    let out = put(x.clone(), &isnan(x), nan)?;
    let out = put(out, &is_number(x, f64::INFINITY), above.unwrap_or(most))?;
    put(out, &is_number(x, f64::NEG_INFINITY), below.unwrap_or(least))
}

/// The least and the largest number of a type.
fn range(dtype: DType) -> (f64, f64) {
    let most = match dtype {
        DType::F32 => f64::from(f32::MAX),
        DType::F16 => half::f16::MAX.to_f64(),
        DType::BF16 => half::bf16::MAX.to_f64(),
        DType::F64 | DType::I64 | DType::I32 | DType::U8 | DType::Bool => f64::MAX,
    };
    (-most, most)
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// Whether each element is not a number.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![f32::NAN, f32::NEG_INFINITY, -0.];
    /// assert_eq!(x.isnan(), tensor![true, false, false]);
    /// assert_eq!(x.isinf(), tensor![false, true, false]);
    /// assert_eq!(x.isfinite(), tensor![false, false, true]);
    /// assert_eq!(tensor![-0., 2.].signbit(), tensor![true, false]);
    /// ```
    pub fn isnan(&self) -> Tensor<S, bool> {
        Tensor::of(isnan(self.value()))
    }

    /// Whether each element is infinite, to either side.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., f32::NEG_INFINITY, f32::NAN].isinf(), tensor![false, true, false]);
    /// ```
    pub fn isinf(&self) -> Tensor<S, bool> {
        Tensor::of(beside_infinity(Compare::Eq, self.value()))
    }

    /// Whether each element is neither infinite nor NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., f32::INFINITY, f32::NAN].isfinite(), tensor![true, false, false]);
    /// ```
    pub fn isfinite(&self) -> Tensor<S, bool> {
        Tensor::of(beside_infinity(Compare::Lt, self.value()))
    }

    /// Whether each element is positive infinity.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., f32::INFINITY, f32::NEG_INFINITY].isposinf(), tensor![false, true, false]);
    /// ```
    pub fn isposinf(&self) -> Tensor<S, bool> {
        Tensor::of(is_number(self.value(), f64::INFINITY))
    }

    /// Whether each element is negative infinity.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., f32::INFINITY, f32::NEG_INFINITY].isneginf(), tensor![false, false, true]);
    /// ```
    pub fn isneginf(&self) -> Tensor<S, bool> {
        Tensor::of(is_number(self.value(), f64::NEG_INFINITY))
    }

    /// Whether the sign of each element is minus; that of -0 and of some NaN is.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., -0., -2.].signbit(), tensor![false, true, true]);
    /// ```
    pub fn signbit(&self) -> Tensor<S, bool> {
        Tensor::of(signbit(self.value()))
    }

    /// NaN replaced by `nan`, infinities by `above` and `below`, or by the largest and least number of the type. The gradient is 0
    /// where anything was replaced.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.];
    /// assert_eq!(x.nan_to_num(0., None, Some(-1.)), tensor![0., f32::MAX, -1., 1.]);
    /// ```
    pub fn nan_to_num(&self, nan: f64, above: Option<f64>, below: Option<f64>) -> Self {
        let x = self.value();
        let out = nan_to_num(x, nan, above, below);
        Self::of(out.unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), x.sizes(), error)))
    }

    /// Whether each element is 0 or false.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 2.].logical_not(), tensor![true, false]);
    /// ```
    pub fn logical_not(&self) -> Tensor<S, bool> {
        Tensor::of(self.value().compare_to(Compare::Eq, 0.0))
    }
}

/// Of anything, whether it is not 0 counts.
fn logical(op: Pair, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let truth = |x: &Value| x.detach().cast(DType::Bool);
    pair(op, &truth(a), &truth(b), sizes)
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $op:expr, $y:literal;)*) => {
        impl<S: Ranked, T: Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![0., 2.].", stringify!($name), "(&tensor![true]), ", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<R: Shape, U: Element>(&self, other: &Tensor<R, U>) -> Tensor<Broadcast<S, R>, bool>
            where
                S: BroadcastWith<R>,
            {
                match meet(stringify!($name), self, other) {
                    Ok(sizes) => Tensor::of(logical($op, self.value(), other.value(), &sizes)),
                    Err(error) => panic!("{error}"),
                }
            })*
        }

        impl<T: Element> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where the sizes do not broadcast.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let (a, b) = (tensor![0., 2.].into_dynamic(), tensor![true].into_dynamic());
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name<U: Element>(&self, other: &Tensor<Dynamic, U>) -> Result<Tensor<Dynamic, bool>> {
                let sizes = meet(stringify!($name), self, other)?;
                Ok(Tensor::of(logical($op, self.value(), other.value(), &sizes)))
            })*
        }
    };
}

methods! {
    /// Whether both are not 0. The operands may be of two types.
    logical_and => Pair::BitAnd, "tensor![false, true]";
    /// Whether one is not 0. The operands may be of two types.
    logical_or => Pair::BitOr, "tensor![true, true]";
    /// Whether one alone is not 0. The operands may be of two types.
    logical_xor => Pair::BitXor, "tensor![true, false]";
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// Whether `|a - b| <= atol + rtol |b|`, or both are the same, element by element.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// # Errors
    /// Where a tolerance is negative or NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let close = tensor![1., 2.].isclose(&tensor![1.000001], tensor::Closeness::default())?;
    /// assert_eq!(close, tensor![true, false]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn isclose<R: Shape>(&self, other: &Tensor<R, T>, how: Closeness) -> Result<Tensor<Broadcast<S, R>, bool>>
    where
        S: BroadcastWith<R>,
    {
        match meet("isclose", self, other) {
            Ok(sizes) => isclose(self.value(), other.value(), how, &sizes).map(Tensor::of),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Whether `|a - b| <= atol + rtol |b|`, or both are the same, element by element.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, or a tolerance is negative or NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b) = (tensor![1., 2.].into_dynamic(), tensor![1.000001].into_dynamic());
    /// assert_eq!(a.isclose(&b, tensor::Closeness::default())?.to_vec()?, [true, false]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn isclose(&self, other: &Self, how: Closeness) -> Result<Tensor<Dynamic, bool>> {
        let sizes = meet("isclose", self, other)?;
        isclose(self.value(), other.value(), how, &sizes).map(Tensor::of)
    }
}
