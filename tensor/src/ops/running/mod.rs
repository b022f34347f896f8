//! Running sums, products and extremes along an axis.

pub(crate) mod recurrence;

use smallvec::smallvec;
use tensor_ops::Compare;

use self::recurrence::{Way, recurrence, shifted};
use crate::device::typed::{element, float, integer};
use crate::element::{DType, Differentiable, Element, Kind};
use crate::error::Result;
use crate::ops::cast::in_single;
use crate::ops::elements::floats;
use crate::ops::rows::Rows;
use crate::shape::Dynamic;
use crate::tape::{Gradients, Rule, Value, record, recording};
use crate::tensors::Tensor;

/// What runs along the axis.
#[derive(Clone, Copy)]
enum Running {
    Sum,
    Product,
    /// The logarithm of the sum of exponentials.
    Exponential,
}

/// A running result, not recorded. Floats are added up in double precision, whole numbers and truth values in 64 bits.
fn running(what: Running, rows: &Rows, x: &Value, way: Way) -> Result<Value> {
    let each = rows.len();
    element!(x, T => {
        let data = rows.elements::<T>(x)?;
        let out: Vec<<T as Element>::Sum> = rows.run(&data, each, |row, out| run(what, row, out, way));
        Ok(rows.many(&rows.value(x.device(), each, &out)))
    })
}

fn run<T: Element>(what: Running, row: &[T], out: &mut [T::Sum], way: Way) {
    if T::DTYPE.kind() == Kind::Float {
        let (mut last, combine): (f64, fn(f64, f64) -> f64) = match what {
            Running::Sum => (0.0, |a, b| a + b),
            Running::Product => (1.0, |a, b| a * b),
            Running::Exponential => (f64::NEG_INFINITY, log_add_exp),
        };
        for place in way.places(row.len()) {
            last = combine(last, row[place].as_f64());
            out[place] = T::Sum::from_f64(last);
        }
    } else {
        let (mut last, combine): (i64, fn(i64, i64) -> i64) = match what {
            Running::Sum | Running::Exponential => (0, i64::wrapping_add),
            Running::Product => (1, i64::wrapping_mul),
        };
        for place in way.places(row.len()) {
            last = combine(last, row[place].as_i64());
            out[place] = T::Sum::from_i64(last);
        }
    }
}

/// `log(exp(a) + exp(b))`.
fn log_add_exp(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == high && low.is_infinite() {
        return high;
    }
    // NaN on either side comes out.
    high.max(low) + (low - high).exp().ln_1p()
}

/// The running sum.
pub(crate) fn cumsum(x: &Value, axis: isize, way: Way) -> Result<Value> {
    let rows = Rows::of("cumsum", x, axis)?;
    let out = running(Running::Sum, &rows, x, way)?;
    let rule = || Rule::own(move |step| Ok(smallvec![Some(cumsum(step.gradient, axis, way.turned())?)]));
    Ok(record("cumsum", out, [x], rule, |_| smallvec![]))
}

/// The running product.
pub(crate) fn cumprod(x: &Value, axis: isize, way: Way) -> Result<Value> {
    let rows = Rows::of("cumprod", x, axis)?;
    let out = running(Running::Product, &rows, x, way)?;
    let rule = || {
        Rule::own(move |step| {
            let x = &step.saved[0];
            let d_x = match recording() {
                true => in_operations(x, &step.saved[1], step.gradient, axis, way)?,
                false => at_once(x, step.gradient, axis, way)?,
            };
            Ok(smallvec![Some(d_x)])
        })
    };
    Ok(record("cumprod", out, [x], rule, |out| {
        smallvec![x.clone(), out.as_own()]
    }))
}

/// `d_x[i] = (product before i) (d[i] + x[i + 1] (d[i + 1] + x[i + 2] (..)))`: right with zeros among the factors as well.
fn in_operations(x: &Value, out: &Value, d: &Value, axis: isize, way: Way) -> Result<Value> {
    let rows = Rows::of("cumprod", x, axis)?;
    let dtype = if x.dtype().is_half() { DType::F32 } else { x.dtype() };
    let [x_wide, out, d] = [x, out, d].map(|value| rows.lift(value).cast(dtype));
    let axis = rows.axis();
    let before = shifted(&out, axis, way, 1.0)?;
    let after = recurrence(&shifted(&x_wide, axis, way.turned(), 0.0)?, &d, axis, way.turned())?;
    Ok(rows.many(&before.mul(&after)?).cast(x.dtype()))
}

fn at_once(x: &Value, d: &Value, axis: isize, way: Way) -> Result<Value> {
    let rows = Rows::of("cumprod", x, axis)?;
    element!(x, T => {
        let pairs: Vec<(T, T)> = rows.elements::<T>(x)?.into_iter().zip(rows.elements::<T>(d)?).collect();
        let out = rows.run(&pairs, rows.len(), |row, out| slopes(row, out, way));
        Ok(rows.many(&rows.value::<T>(x.device(), rows.len(), &out)))
    })
}

fn slopes<T: Element>(row: &[(T, T)], out: &mut [T], way: Way) {
    let mut before = 1.0;
    let mut products = vec![1.0; row.len()];
    for place in way.places(row.len()) {
        products[place] = before;
        before *= row[place].0.as_f64();
    }
    let mut rest = 0.0;
    for place in way.turned().places(row.len()) {
        let (x, d) = (row[place].0.as_f64(), row[place].1.as_f64());
        let after = d + rest;
        rest = x * after;
        out[place] = T::from_f64(products[place] * after);
    }
}

fn logcumsumexp(x: &Value, axis: isize, way: Way) -> Result<Value> {
    floats("logcumsumexp", x)?;
    let rows = Rows::of("logcumsumexp", x, axis)?;
    let out = running(Running::Exponential, &rows, x, way)?;
    let rule = || Rule::own(move |step| weighed(&step.saved[0], &step.saved[1], step.gradient, axis, way));
    Ok(record("logcumsumexp", out, [x], rule, |out| {
        smallvec![x.clone(), out.as_own()]
    }))
}

/// `d_x[i] = sum over k from i on of d[k] exp(x[i] - out[k])`, the positive and the negative `d` apart and as logarithms, as PyTorch
/// has it, so that none of the exponentials overflows. Before the first number that is not minus infinity the gradient is 0.
fn weighed(x: &Value, out: &Value, d: &Value, axis: isize, way: Way) -> Result<Gradients> {
    let nothing = out.compare_to(Compare::Eq, f64::NEG_INFINITY);
    let known = nothing.select(&out.constant(0.0), out)?;
    let nowhere = d.constant(f64::NEG_INFINITY);
    let zero = d.compare_to(Compare::Eq, 0.0);
    let log = zero.select(&d.constant(1.0), &d.abs())?.log();
    let side = |op: Compare| -> Result<Value> {
        let of_side = d.compare_to(op, 0.0).select(&log, &nowhere)?;
        let terms = nothing.select(&nowhere, &of_side.sub(&known)?)?;
        Ok(logcumsumexp(&terms, axis, way.turned())?.add(x)?.exp())
    };
    Ok(smallvec![Some(side(Compare::Gt)?.sub(&side(Compare::Lt)?)?)])
}

/// The running extreme and its place, the last of several; NaN wins.
fn running_extreme(name: &'static str, x: &Value, axis: isize, smallest: bool) -> Result<(Value, Value)> {
    let rows = Rows::of(name, x, axis)?;
    // Turned, the key of NaN is the smallest: it is put above all again.
    let nan = x.dtype().kind() == Kind::Float;
    let keys = rows.keys(x)?;
    let places = rows.run(&keys, rows.len(), |row, out| {
        let rank = |key: u64| match smallest {
            true if !(nan && key == u64::MAX) => !key,
            _ => key,
        };
        let mut best = (0, 0);
        for (place, (&key, out)) in row.iter().zip(out).enumerate() {
            if rank(key) >= best.0 {
                best = (rank(key), place);
            }
            *out = best.1 as i64;
        }
    });
    let (values, places) = rows.picked(x, rows.len(), &places)?;
    Ok((rows.many(&values), rows.many(&places)))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Running sums along an axis, `out[i] = x[0] + .. + x[i]`; the sizes stay. Of whole numbers and truth values they have 64 bits.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![1., 2., 4.]);
    /// assert_eq!(x.cumsum(0)?.to_vec()?, [1., 3., 7.]);
    /// assert_eq!(x.cumprod(0)?.to_vec()?, [1., 2., 8.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cumsum(&self, axis: isize) -> Result<Tensor<Dynamic, T::Sum>> {
        cumsum(self.value(), axis, Way::Forward).map(Tensor::of)
    }

    /// Running products along an axis, `out[i] = x[0] .. x[i]`; the sizes stay. Of whole numbers and truth values they have 64 bits. The
    /// gradient is right where elements are 0, too.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 4.].into_dynamic().cumprod(0)?.to_vec()?, [1., 2., 8.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cumprod(&self, axis: isize) -> Result<Tensor<Dynamic, T::Sum>> {
        cumprod(self.value(), axis, Way::Forward).map(Tensor::of)
    }

    /// The largest element so far along an axis, and its place, the last of several: `(values, indices)`; NaN wins. The sizes stay, and
    /// the gradient goes to those places.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (values, places) = Tensor::<Dynamic>::from(vec![1., 3., 2.]).cummax(0)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![1., 3., 3.], vec![0, 1, 1]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cummax(&self, axis: isize) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = running_extreme("cummax", self.value(), axis, false)?;
        Ok((Self::of(values), Tensor::of(places)))
    }

    /// The smallest element so far along an axis, and its place, the last of several: `(values, indices)`; NaN wins. The sizes stay, and
    /// the gradient goes to those places.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (values, places) = tensor![3., 1., 2.].into_dynamic().cummin(0)?;
    /// assert_eq!((values.to_vec()?, places.to_vec()?), (vec![3., 1., 1.], vec![0, 1, 1]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cummin(&self, axis: isize) -> Result<(Self, Tensor<Dynamic, i64>)> {
        let (values, places) = running_extreme("cummin", self.value(), axis, true)?;
        Ok((Self::of(values), Tensor::of(places)))
    }
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// `out[i] = log(exp(x[0]) + .. + exp(x[i]))` along an axis, without overflow; the sizes stay.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![f32::NEG_INFINITY, 1000., 1000.]);
    /// assert_eq!(x.logcumsumexp(0)?.to_vec()?, [f32::NEG_INFINITY, 1000., 1000. + 2f32.ln()]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn logcumsumexp(&self, axis: isize) -> Result<Self> {
        in_single(self.value(), |x| logcumsumexp(x, axis, Way::Forward)).map(Self::of)
    }
}
