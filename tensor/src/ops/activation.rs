//! Activations that are made of other operations, which gives them gradients of every order.

use smallvec::smallvec;
use tensor_ops::{Binary, Compare, Math, Unary};

use crate::element::{Differentiable, Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::{axis as resolve, describe};
use crate::ops::clamp::held;
use crate::ops::{binary, cast, select, softmax};
use crate::shape::{Dynamic, Shape};
use crate::tape::{Rule, Value, no_grad, record};
use crate::tensors::Tensor;

/// The slope of SELU and its limit, so that activations keep mean 0 and variance 1.
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// A formula of floats, or of others as floats: those of 16 bits in `f32`, rounded once.
fn of(x: &Value, formula: impl FnOnce(&Value) -> Result<Value>) -> Value {
    let x = &cast::to_float(x);
    cast::widened([x], |[x]| {
        formula(x).unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), x.sizes(), error))
    })
}

fn celu(x: &Value, alpha: f64) -> Result<Value> {
    let positive = x.compare_to(Compare::Gt, 0.0);
    // Nothing positive gets to the exponential: what is not selected would still make the gradient NaN.
    let below = positive.select(&x.constant(0.0), x)?;
    let angle = below.scale(1.0 / alpha);
    let rise = if alpha > 0.0 {
        angle.unary(Unary::Elu { alpha: 1.0 })
    } else {
        angle.math(Math::Expm1)
    };
    positive.select(x, &rise.scale(alpha))
}

/// `x` held between 0 and 6 after adding 3: six times the hard sigmoid.
fn hard_rise(x: &Value) -> Value {
    let rise = x.affine(1.0, 3.0);
    held("hardtanh", &rise, Some(&x.constant(0.0)), Some(&x.constant(6.0)))
}

/// Its slope is the float nearest to 1/6 for doubles as well: PyTorch's.
fn hardsigmoid(x: &Value) -> Result<Value> {
    let out = no_grad(|| hard_rise(x).div(&x.constant(6.0)))?;
    let rule = || {
        Rule::own(|step| {
            let (x, d) = (&step.saved[0], step.gradient);
            let outside = x.abs().compare_to(Compare::Ge, 3.0);
            let d_x = outside.select(&d.constant(0.0), &d.scale(f64::from(1f32 / 6.0)))?;
            Ok(smallvec![Some(d_x)])
        })
    };
    Ok(record("hardsigmoid", out, [x], rule, |_| smallvec![x.clone()]))
}

fn mish(x: &Value) -> Result<Value> {
    // softplus(x) is -logsigmoid(-x)
    x.mul(&x.neg().math(Math::LogSigmoid).neg().unary(Unary::Tanh))
}

fn hardshrink(x: &Value, lambda: f64) -> Result<Value> {
    let inside = x
        .compare_to(Compare::Ge, -lambda)
        .both(&x.compare_to(Compare::Le, lambda))?;
    inside.select(&x.constant(0.0), x)
}

fn softshrink(x: &Value, lambda: f64) -> Result<Value> {
    let (above, below) = (x.compare_to(Compare::Gt, lambda), x.compare_to(Compare::Lt, -lambda));
    above.select(
        &x.affine(1.0, -lambda),
        &below.select(&x.affine(1.0, lambda), &x.scale(0.0))?,
    )
}

/// `x` where positive, `weight x` elsewhere: one weight, or one for each index of axis 1.
fn prelu(x: &Value, weight: &Value) -> Result<Value> {
    let (rank, count) = (x.layout.rank(), weight.len());
    if weight.layout.rank() > 1 {
        let found = describe(weight.sizes());
        return Err(Error::shape("prelu", "a weight of no axis or one", found));
    }
    let channels = match rank {
        0 | 1 => 1,
        _ => x.sizes()[1],
    };
    if count != 1 && count != channels || rank == 0 && weight.layout.rank() == 1 && count != 1 {
        let expected = format!("1 weight or {channels}, for {}", describe(x.sizes()));
        return Err(Error::shape("prelu", expected, count.to_string()));
    }
    crate::ops::elements::same_elements("prelu", x.dtype(), weight.dtype())?;
    let mut sizes = vec![1; rank];
    if let Some(axis) = sizes.get_mut(1) {
        *axis = count;
    }
    let weight = weight.reshape(&sizes);
    Ok(cast::widened([x, &weight], |[x, weight]| {
        let scaled = binary::binary(Binary::Mul, x, weight, x.sizes());
        select::select(&x.compare_to(Compare::Gt, 0.0), x, &scaled, x.sizes())
    }))
}

/// The first half along an axis times the sigmoid of the second.
fn glu(x: &Value, axis: isize) -> Result<Value> {
    let axis = resolve("glu", axis, x.layout.rank())?;
    let size = x.sizes()[axis];
    if !size.is_multiple_of(2) {
        let expected = format!("an even size of axis {axis}");
        return Err(Error::shape("glu", expected, describe(x.sizes())));
    }
    let (value, gate) = (x.slice(axis, 0, size / 2, 1), x.slice(axis, size / 2, size / 2, 1));
    Ok(cast::widened([&value, &gate], |[value, gate]| {
        binary::binary(Binary::Mul, value, &gate.unary(Unary::Sigmoid), value.sizes())
    }))
}

/// An operation on the last axis along any. A single number has an axis of size 1.
pub(crate) fn along(name: &'static str, x: &Value, axis: isize, last: impl FnOnce(&Value) -> Value) -> Result<Value> {
    let rank = x.layout.rank();
    let axis = resolve(name, axis, rank.max(1))?;
    if axis + 1 >= rank {
        return Ok(last(x));
    }
    Ok(last(&x.transpose(axis, rank - 1)).transpose(axis, rank - 1))
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// `log(1 / (1 + exp(-x)))`, exact where that is large. Whole numbers and truth values give `f32`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-200., 200.].logsigmoid(), tensor![-200., 0.]);
    /// assert_eq!(tensor![1., -3.].softsign(), tensor![0.5, -0.75]);
    /// ```
    pub fn logsigmoid(&self) -> Tensor<S, T::Float> {
        Tensor::of(self.value().math(Math::LogSigmoid))
    }

    /// `x / (1 + |x|)`. Whole numbers and truth values give `f32`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., -3.].softsign(), tensor![0.5, -0.75]);
    /// ```
    pub fn softsign(&self) -> Tensor<S, T::Float> {
        Tensor::of(of(self.value(), |x| x.div(&x.abs().affine(1.0, 1.0))))
    }

    /// `x - tanh(x)`. Whole numbers and truth values give `f32`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 2.].tanhshrink().round_decimals(4), tensor![0., 1.036]);
    /// ```
    pub fn tanhshrink(&self) -> Tensor<S, T::Float> {
        Tensor::of(of(self.value(), |x| x.sub(&x.unary(Unary::Tanh))))
    }
}

impl<S: Shape, T: Numeric> Tensor<S, T> {
    /// `x` held between two numbers. The gradient is 0 at them and outside.
    ///
    /// # Errors
    /// Where the lower one is the larger.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 0.5, 8.].hardtanh(-1., 1.)?, tensor![-1., 0.5, 1.]);
    /// assert_eq!(tensor![-2i64, 8].relu6(), tensor![0i64, 6]);
    /// assert_eq!(tensor![-2., 8.].threshold(1., 0.5), tensor![0.5, 8.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn hardtanh(&self, low: T, high: T) -> Result<Self> {
        if low > high {
            return Err(Error::argument("low", format!("at most {high}"), low));
        }
        let [low, high] = [low, high].map(|bound| Value::from_slice(self.device(), &[], &[bound]));
        Ok(Self::of(held("hardtanh", self.value(), Some(&low), Some(&high))))
    }

    /// `x` held between 0 and 6. The gradient is 0 at them and outside.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 3., 8.].relu6(), tensor![0., 3., 6.]);
    /// ```
    pub fn relu6(&self) -> Self {
        let [low, high] = [0.0, 6.0].map(|bound| self.value().constant(bound));
        Self::of(held("relu6", self.value(), Some(&low), Some(&high)))
    }

    /// `x` where it is above the threshold, `value` elsewhere; NaN stays.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 1., 8.].threshold(1., 0.5), tensor![0.5, 0.5, 8.]);
    /// ```
    pub fn threshold(&self, threshold: T, value: T) -> Self {
        let x = self.value();
        let [threshold, value] = [threshold, value].map(|number| Value::from_slice(x.device(), &[], &[number]));
        let below = crate::ops::compare::compare(Compare::Le, x, &threshold, x.sizes());
        Self::of(select::select(&below, &value, x, x.sizes()))
    }
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// `x` where positive, `alpha (exp(x / alpha) - 1)` elsewhere. PyTorch's default alpha is 1.
    ///
    /// # Errors
    /// Where alpha is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![-1., 0., 2.];
    /// assert_eq!(x.celu(1.)?, x.elu(1.));
    /// assert_eq!(x.hardswish().round_decimals(4), tensor![-0.3333, 0., 1.6667]);
    /// assert_eq!(x.softshrink(0.5)?, tensor![-0.5, 0., 1.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn celu(&self, alpha: f64) -> Result<Self> {
        if alpha == 0.0 {
            return Err(Error::argument("alpha", "a number other than 0", alpha));
        }
        Ok(Self::of(of(self.value(), |x| celu(x, alpha))))
    }

    /// `s x` where positive, `s a (exp(x) - 1)` elsewhere, with `s` of 1.0507.. and `a` of 1.6733.., which keep mean and variance
    /// (Klambauer et al., 2017).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 1.].selu().round_decimals(4), tensor![-1.1113, 1.0507]);
    /// ```
    pub fn selu(&self) -> Self {
        let elu = Unary::Elu { alpha: SELU_ALPHA };
        Self::of(of(self.value(), |x| Ok(x.unary(elu).scale(SELU_SCALE))))
    }

    /// `x tanh(log(1 + exp(x)))`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1.].mish().round_decimals(4), tensor![0., 0.8651]);
    /// ```
    pub fn mish(&self) -> Self {
        Self::of(of(self.value(), mish))
    }

    /// `x + 3` held between 0 and 6, over 6.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-4., 0., 1.].hardsigmoid().round_decimals(4), tensor![0., 0.5, 0.6667]);
    /// ```
    pub fn hardsigmoid(&self) -> Self {
        Self::of(of(self.value(), hardsigmoid))
    }

    /// `x hardsigmoid(x)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-4., 1., 4.].hardswish().round_decimals(4), tensor![0., 0.6667, 4.]);
    /// ```
    pub fn hardswish(&self) -> Self {
        Self::of(of(self.value(), |x| Ok(x.mul(&hard_rise(x))?.scale(1.0 / 6.0))))
    }

    /// 0 from `-lambda` to `lambda`, `x` elsewhere. PyTorch's default lambda is 0.5.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 0.5, 2.].hardshrink(0.5), tensor![-1., 0., 2.]);
    /// ```
    pub fn hardshrink(&self, lambda: f64) -> Self {
        Self::of(of(self.value(), |x| hardshrink(x, lambda)))
    }

    /// 0 from `-lambda` to `lambda`, elsewhere `x` that much nearer to 0. PyTorch's default lambda is 0.5.
    ///
    /// # Errors
    /// Where lambda is negative or NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 0., 2.].softshrink(0.5)?, tensor![-0.5, 0., 1.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn softshrink(&self, lambda: f64) -> Result<Self> {
        if lambda.is_nan() || lambda < 0.0 {
            return Err(Error::argument("lambda", "a number from 0 on", lambda));
        }
        Ok(Self::of(of(self.value(), |x| softshrink(x, lambda))))
    }

    /// `x` where positive, `weight x` elsewhere. There is one weight, or one for each index of axis 1.
    ///
    /// # Errors
    /// Where the weight has more than one axis, or another number of elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., -1.], [-1., -1.]];
    /// assert_eq!(x.prelu(&tensor![0.5, 2.])?, tensor![[1., -2.], [-0.5, -2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn prelu<W: Shape>(&self, weight: &Tensor<W, T>) -> Result<Self> {
        prelu(self.value(), weight.value()).map(Self::of)
    }

    /// [`Tensor::softmax`] along any axis. PyTorch's `softmax(dim)`.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 1.], [0., 1.]];
    /// assert_eq!(x.softmax_axis(0)?, tensor![[0.5, 0.5], [0.5, 0.5]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn softmax_axis(&self, axis: isize) -> Result<Self> {
        along("softmax", self.value(), axis, softmax::softmax).map(Self::of)
    }

    /// [`Tensor::log_softmax`] along any axis. PyTorch's `log_softmax(dim)`.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let out = tensor![[0.], [1.]].log_softmax_axis(0)?;
    /// assert_eq!(out.round_decimals(4), tensor![[-1.3133], [-0.3133]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn log_softmax_axis(&self, axis: isize) -> Result<Self> {
        along("log_softmax", self.value(), axis, softmax::log_softmax).map(Self::of)
    }

    /// `exp(-x) / sum(exp(-x))` along an axis.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1.].softmin(0)?.round_decimals(4), tensor![0.7311, 0.2689]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn softmin(&self, axis: isize) -> Result<Self> {
        along("softmin", self.value(), axis, |x| softmax::softmax(&x.neg())).map(Self::of)
    }
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The first half along an axis times the sigmoid of the second: `[.., 2 n, ..]` gives `[.., n, ..]`.
    ///
    /// # Errors
    /// Where there is no such axis, or its size is odd.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[3., 4., 0., 0.]].into_dynamic();
    /// assert_eq!(x.glu(-1)?, tensor![[1.5, 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn glu(&self, axis: isize) -> Result<Self> {
        glu(self.value(), axis).map(Self::of)
    }
}
