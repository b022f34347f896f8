//! Elementwise operations on one tensor.

use smallvec::smallvec;
use tensor_ops::{Saves, Unary};

use crate::device::reading;
use crate::element::Float;
use crate::kernels::chain::Random;
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Saved, Step, Value, record};
use crate::tensors::Tensor;

/// `op` on every element.
pub(crate) fn unary(op: Unary, random: Option<Random>, x: &Value) -> Value {
    let input = &*x.contiguous();
    let out = match Value::output(op.name(), &[input], x.dtype(), x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let _reading = reading([&input.buffer]);
        x.device().backend().chain(&[op], random, input.row(), out.row());
    }
    record(
        out,
        [x],
        || Rule::Unary(backward, op, random),
        |out| match op.saves() {
            Saves::Nothing => Saved::new(),
            Saves::Output => smallvec![out.detach()],
            Saves::Input => smallvec![input.detach()],
        },
    )
}

fn backward(op: Unary, random: Option<Random>, step: Step<'_>) -> Gradients {
    let saved = step.saved;
    let gradient = step.gradient.contiguous();
    let mut inputs: smallvec::SmallVec<[&Value; 2]> = smallvec![&*gradient];
    inputs.extend(saved);
    let d_x = match Value::output(op.name(), &inputs, gradient.dtype(), gradient.sizes()) {
        Ok(d_x) => d_x,
        Err(poisoned) => return smallvec![Some(poisoned)],
    };
    let kept = saved.first().map(Value::row);
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

/// Typed and dynamic alike: the shape stays as it is.
macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $op:expr;)*) => {
        impl<S: Shape, T: Float> Tensor<S, T> {
            $($(#[$doc])* pub fn $name(&self) -> Self {
                Self::of(unary($op, None, self.value()))
            })*
        }
    };
}

methods! {
    /// `max(x, 0)`; the gradient at 0 is 0.
    relu => Unary::Relu;
    /// The hyperbolic tangent.
    tanh => Unary::Tanh;
    /// `1 / (1 + exp(-x))`.
    sigmoid => Unary::Sigmoid;
    /// `x Phi(x)`, `Phi` the distribution function of the normal distribution.
    gelu => Unary::Gelu;
    /// `x sigmoid(x)`.
    silu => Unary::Silu;
    /// `-x`.
    neg => Unary::Neg;
    /// The absolute value; the gradient at 0 is 0.
    abs => Unary::Abs;
    /// `x x`.
    square => Unary::Square;
    /// The square root.
    sqrt => Unary::Sqrt;
    /// `1 / x`.
    reciprocal => Unary::Recip;
    /// `e` to the power of `x`.
    exp => Unary::Exp;
    /// The natural logarithm.
    log => Unary::Log;
    /// The sine of `x` in radians.
    sin => Unary::Sin;
    /// The cosine of `x` in radians.
    cos => Unary::Cos;
    /// The error function, `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
    erf => Unary::Erf;
}

impl<S: Shape, T: Float> Tensor<S, T> {
    /// `x` where positive, `slope x` elsewhere. PyTorch's default slope is 0.01.
    pub fn leaky_relu(&self, slope: f64) -> Self {
        Self::of(unary(Unary::LeakyRelu { slope }, None, self.value()))
    }

    /// The tanh form of GELU: `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
    pub fn gelu_tanh(&self) -> Self {
        Self::of(unary(Unary::GeluTanh, None, self.value()))
    }

    /// `x` where positive, `alpha (exp(x) - 1)` elsewhere.
    pub fn elu(&self, alpha: f64) -> Self {
        Self::of(unary(Unary::Elu { alpha }, None, self.value()))
    }

    /// `log(1 + exp(beta x)) / beta`, and `x` where `beta x > threshold`.
    pub fn softplus(&self, beta: f64, threshold: f64) -> Self {
        Self::of(unary(Unary::Softplus { beta, threshold }, None, self.value()))
    }

    /// `x` to the power of `exponent`.
    pub fn pow(&self, exponent: f64) -> Self {
        Self::of(unary(Unary::Powf { exponent }, None, self.value()))
    }

    /// `scale x + shift`.
    pub fn affine(&self, scale: f64, shift: f64) -> Self {
        Self::of(unary(Unary::Affine { scale, shift }, None, self.value()))
    }
}

impl<S: Shape, T: Float> std::ops::Neg for Tensor<S, T> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::neg(&self)
    }
}

impl<S: Shape, T: Float> std::ops::Neg for &Tensor<S, T> {
    type Output = Tensor<S, T>;

    fn neg(self) -> Tensor<S, T> {
        Tensor::neg(self)
    }
}
