//! Elementwise operations on one tensor.

use smallvec::smallvec;
use tensor_ops::{Binary, Compare, Saves, Unary};

use crate::device::reading;
use crate::element::{Differentiable, Element, Kind, Numeric};
use crate::error::Result;
use crate::kernels::chain::Random;
use crate::ops::function::functions;
use crate::ops::{binary, cast, select};
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Saved, Step, Value, record, recording};
use crate::tensors::Tensor;

/// `op` on every element; they are floats.
pub(crate) fn unary(op: Unary, random: Option<Random>, x: &Value) -> Value {
    cast::widened([x], |[x]| computed(op, random, x))
}

fn computed(op: Unary, random: Option<Random>, x: &Value) -> Value {
    // Elements that lie apart are taken as they come, but for a dropout, whose mask goes by the place.
    let is_random = matches!(op, Unary::Dropout { .. });
    let copy = (is_random && !x.layout.is_contiguous()).then(|| x.copied());
    let input = copy.as_ref().unwrap_or(x);
    let out = match Value::output(op.name(), &[input], x.dtype(), x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let _reading = reading([&input.buffer]);
        let backend = x.device().backend();
        if input.layout.is_contiguous() {
            backend.chain(&[op], random, input.row(), out.row());
        } else {
            backend.chain_of(&[op], input.view(), out.view());
        }
    }
    record(
        op.name(),
        out,
        [x],
        || Rule::Unary(backward, op, random),
        |out| match op.saves() {
            Saves::Nothing => Saved::new(),
            Saves::Output => smallvec![out.as_own()],
            Saves::Input => smallvec![input.as_input(x)],
        },
    )
}

fn backward(op: Unary, random: Option<Random>, step: Step<'_>) -> Gradients {
    let saved = step.saved;
    if recording() {
        return smallvec![Some(in_operations(op, random, saved.first(), step.gradient))];
    }
    let gradient = step.gradient.contiguous();
    let kept = saved.first().map(Value::contiguous);
    let mut inputs: smallvec::SmallVec<[&Value; 2]> = smallvec![&*gradient];
    inputs.extend(kept.as_deref());
    let d_x = match Value::output(op.name(), &inputs, gradient.dtype(), gradient.sizes()) {
        Ok(d_x) => d_x,
        Err(poisoned) => return smallvec![Some(poisoned)],
    };
    let kept = kept.as_deref().map(Value::row);
    let (x, out) = match op.saves() {
        Saves::Nothing => (None, None),
        Saves::Output => (None, kept),
        Saves::Input => (kept, None),
    };
    let _reading = reading(inputs.iter().map(|input| &input.buffer));
    let backend = gradient.device().backend();
    backend.chain_backward(&[op], random, x, out, gradient.row(), d_x.row());
    smallvec![Some(d_x)]
}

/// The gradient in operations, which have gradients themselves. `kept` is what [`Unary::saves`] says.
fn in_operations(op: Unary, random: Option<Random>, kept: Option<&Value>, d: &Value) -> Value {
    let Some(kept) = kept else {
        return match op {
            Unary::Neg => d.neg(),
            Unary::Affine { scale, .. } => d.scale(scale),
            Unary::Dropout { .. } => computed(op, random, d),
            // Of `sign` alone; the others keep something.
            _ => d.zeros_like(),
        };
    };
    match slope(op, kept) {
        Ok(slope) => binary::binary(Binary::Mul, d, &slope, d.sizes()),
        Err(error) => Value::poisoned(d.device(), d.dtype(), d.sizes(), error),
    }
}

/// The derivative, of the input or of the output, whichever was kept.
fn slope(op: Unary, kept: &Value) -> Result<Value> {
    let x = kept;
    let y = kept;
    let positive = || x.compare_to(Compare::Gt, 0.0);
    Ok(match op {
        Unary::Relu => positive().cast(x.dtype()),
        Unary::LeakyRelu { slope } => positive().select(&x.constant(1.0), &x.constant(slope))?,
        Unary::Tanh => y.square().affine(-1.0, 1.0),
        Unary::Sigmoid => y.mul(&y.affine(-1.0, 1.0))?,
        // Phi(x) + x phi(x)
        Unary::Gelu => {
            let cumulative = x
                .scale(std::f64::consts::FRAC_1_SQRT_2)
                .unary(Unary::Erf)
                .affine(0.5, 0.5);
            let density = x
                .square()
                .scale(-0.5)
                .exp()
                .scale(0.5 * std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2);
            cumulative.add(&x.mul(&density)?)?
        }
        // (1 + t) / 2 + x (1 - t^2) a' / 2, with t = tanh(a)
        Unary::GeluTanh => {
            let scale = (2.0 / std::f64::consts::PI).sqrt();
            let angle = x.mul(&x.square().affine(GELU_CUBIC, 1.0))?.scale(scale);
            let inner = x.square().affine(3.0 * GELU_CUBIC * scale, scale);
            let t = angle.unary(Unary::Tanh);
            let rise = x.mul(&t.square().affine(-1.0, 1.0))?.mul(&inner)?;
            t.affine(0.5, 0.5).add(&rise.scale(0.5))?
        }
        // s (1 + x (1 - s))
        Unary::Silu => {
            let s = x.unary(Unary::Sigmoid);
            s.mul(&x.mul(&s.affine(-1.0, 1.0))?.affine(1.0, 1.0))?
        }
        Unary::Elu { alpha } => {
            let below = positive().select(&x.constant(0.0), x)?;
            positive().select(&x.constant(1.0), &below.exp().scale(alpha))?
        }
        Unary::Softplus { beta, threshold } => {
            let linear = x.scale(beta).compare_to(Compare::Gt, threshold);
            linear.select(&x.constant(1.0), &x.scale(beta).unary(Unary::Sigmoid))?
        }
        Unary::Abs => x.sign(),
        Unary::Square => x.scale(2.0),
        Unary::Sqrt => y.reciprocal().scale(0.5),
        Unary::Recip => x.reciprocal().square().neg(),
        Unary::Exp => y.clone(),
        Unary::Log => x.reciprocal(),
        Unary::Sin => x.unary(Unary::Cos),
        Unary::Cos => x.unary(Unary::Sin).neg(),
        Unary::Erf => x.square().neg().exp().scale(std::f64::consts::FRAC_2_SQRT_PI),
        Unary::Powf { exponent: 0.0 } => x.zeros_like(),
        Unary::Powf { exponent } => x.pow(exponent - 1.0).scale(exponent),
        Unary::Neg | Unary::Sign | Unary::Affine { .. } | Unary::Dropout { .. } => {
            unreachable!("`Unary::saves` says that they keep nothing")
        }
    })
}

/// The cubic term of the tanh form of GELU.
const GELU_CUBIC: f64 = 0.044_715;

functions! { unary;
    /// The hyperbolic tangent, `(exp(x) - exp(-x)) / (exp(x) + exp(-x))`.
    tanh => Unary::Tanh, "tensor![0., 1.]" => "tensor![0., 0.7616]";
    /// `1 / (1 + exp(-x))`.
    sigmoid => Unary::Sigmoid, "tensor![0., 2.]" => "tensor![0.5, 0.8808]";
    /// `x Phi(x)`, `Phi` the distribution function of the normal distribution.
    gelu => Unary::Gelu, "tensor![0., 1.]" => "tensor![0., 0.8413]";
    /// `x sigmoid(x)`.
    silu => Unary::Silu, "tensor![0., 1.]" => "tensor![0., 0.7311]";
    /// The square root; NaN below 0.
    sqrt => Unary::Sqrt, "tensor![4., 2.]" => "tensor![2., 1.4142]";
    /// `1 / x`.
    reciprocal => Unary::Recip, "tensor![4., -0.5]" => "tensor![0.25, -2.]";
    /// `e` to the power of `x`.
    exp => Unary::Exp, "tensor![0., 1.]" => "tensor![1., 2.7183]";
    /// The natural logarithm; minus infinity at 0, NaN below.
    log => Unary::Log, "tensor![1., 10.]" => "tensor![0., 2.3026]";
    /// The sine of `x` in radians.
    sin => Unary::Sin, "tensor![0., 1.]" => "tensor![0., 0.8415]";
    /// The cosine of `x` in radians.
    cos => Unary::Cos, "tensor![0., 1.]" => "tensor![1., 0.5403]";
    /// The error function, `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
    erf => Unary::Erf, "tensor![0., 1.]" => "tensor![0., 0.8427]";
}

/// These stay what they are: whole numbers as well.
macro_rules! keeping {
    ($($(#[$doc:meta])* $name:ident $x:literal => $y:literal: $op:expr, $whole:expr;)*) => {
        impl<S: Shape, T: Numeric> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(", $x, ".", stringify!($name), "(), ", $y, ");")]
            /// ```
            pub fn $name(&self) -> Self {
                let x = self.value();
                Tensor::of(match T::DTYPE.kind() {
                    Kind::Float => unary($op, None, x),
                    Kind::Integer | Kind::Bool => $whole(x),
                })
            })*
        }
    };
}

keeping! {
    /// `max(x, 0)`; the gradient at 0 is 0.
    relu "tensor![-2., 3.]" => "tensor![0., 3.]": Unary::Relu, |x: &Value| binary::binary(Binary::Maximum, x, &x.constant(0.0), x.sizes());
    /// `-x`.
    neg "tensor![1i64, -2]" => "tensor![-1i64, 2]": Unary::Neg, |x: &Value| binary::binary(Binary::Sub, &x.constant(0.0), x, x.sizes());
    /// The absolute value; the gradient at 0 is 0.
    abs "tensor![-2., 3.]" => "tensor![2., 3.]": Unary::Abs, |x: &Value| {
        let negative = binary::binary(Binary::Sub, &x.constant(0.0), x, x.sizes());
        let below = x.compare_to(Compare::Lt, 0.0);
        select::select(&below, &negative, x, x.sizes())
    };
    /// `x x`.
    square "tensor![-2., 3.]" => "tensor![4., 9.]": Unary::Square, |x: &Value| binary::binary(Binary::Mul, x, x, x.sizes());
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// `x` where positive, `slope x` elsewhere. PyTorch's default slope is 0.01.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 3.].leaky_relu(0.5), tensor![-1., 3.]);
    /// ```
    pub fn leaky_relu(&self, slope: f64) -> Self {
        Self::of(unary(Unary::LeakyRelu { slope }, None, self.value()))
    }

    /// The tanh form of GELU (Hendrycks and Gimpel, 2016): `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`. PyTorch's
    /// `gelu(approximate="tanh")`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1.].gelu_tanh().round_decimals(4), tensor![0., 0.8412]);
    /// ```
    pub fn gelu_tanh(&self) -> Self {
        Self::of(unary(Unary::GeluTanh, None, self.value()))
    }

    /// `x` where positive, `alpha (exp(x) - 1)` elsewhere.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 2.].elu(1.).round_decimals(4), tensor![-0.6321, 2.]);
    /// ```
    pub fn elu(&self, alpha: f64) -> Self {
        Self::of(unary(Unary::Elu { alpha }, None, self.value()))
    }

    /// `log(1 + exp(beta x)) / beta`, and `x` where `beta x > threshold`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 30.].softplus(1., 20.).round_decimals(4), tensor![0.6931, 30.]);
    /// ```
    pub fn softplus(&self, beta: f64, threshold: f64) -> Self {
        Self::of(unary(Unary::Softplus { beta, threshold }, None, self.value()))
    }

    /// `x` to the power of `exponent`. PyTorch's `pow` with a number; of whole numbers [`Tensor::powi`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 3.].pow(2.), tensor![4., 9.]);
    /// ```
    pub fn pow(&self, exponent: f64) -> Self {
        Self::of(unary(Unary::Powf { exponent }, None, self.value()))
    }

    /// `scale x + shift`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 3.].affine(10., 1.), tensor![21., 31.]);
    /// ```
    pub fn affine(&self, scale: f64, shift: f64) -> Self {
        Self::of(unary(Unary::Affine { scale, shift }, None, self.value()))
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// -1, 0 or 1, as the element is below 0, 0 or above; of truth values themselves. The gradient is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 0., 3.].sign(), tensor![-1., 0., 1.]);
    /// assert_eq!(tensor![-2i64, 0, 3].sign(), tensor![-1i64, 0, 1]);
    /// ```
    #[doc(alias = "sgn")]
    pub fn sign(&self) -> Self {
        let x = self.value();
        Self::of(match T::DTYPE.kind() {
            Kind::Float => unary(Unary::Sign, None, x),
            Kind::Integer => {
                let side = |op| x.compare_to(op, 0.0).cast(T::DTYPE);
                binary::binary(Binary::Sub, &side(Compare::Gt), &side(Compare::Lt), x.sizes())
            }
            Kind::Bool => x.clone(),
        })
    }

    /// The tensor itself.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 3.].positive(), tensor![-2., 3.]);
    /// ```
    pub fn positive(&self) -> Self {
        self.clone()
    }
}

impl<S: Shape, T: Numeric> std::ops::Neg for Tensor<S, T> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::neg(&self)
    }
}

impl<S: Shape, T: Numeric> std::ops::Neg for &Tensor<S, T> {
    type Output = Tensor<S, T>;

    fn neg(self) -> Tensor<S, T> {
        Tensor::neg(self)
    }
}
