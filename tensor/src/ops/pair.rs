//! Functions of two numbers that no layer is, with broadcasting. Their gradients are written in operations.

use smallvec::smallvec;
use tensor_ops::{Compare, Math, Pair, Takes, Unary};

use crate::device::reading;
use crate::element::{Bits, Element, Float, Integer, Kind, Numeric};
use crate::error::{Error, Result};
use crate::layout::broadcast;
use crate::ops::cast;
use crate::ops::names::meet;
use crate::shape::{BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::{Rule, Step, Value, record};
use crate::tensors::Tensor;

/// `op(a, b)`, both stretched to `sizes`; they have one element type. A function with fractions makes floats of others. What divides
/// whole numbers by 0 gives a value that carries the error.
pub(crate) fn pair(op: Pair, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let is_float = a.dtype().kind() == Kind::Float;
    match op.takes() {
        Takes::Floats | Takes::Numbers if is_float => cast::widened([a, b], |[a, b]| computed(op, a, b, sizes)),
        Takes::Floats => computed(op, &cast::to_float(a), &cast::to_float(b), sizes),
        Takes::Numbers | Takes::Whole | Takes::Bits => computed(op, a, b, sizes),
    }
}

fn computed(op: Pair, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let out = match Value::output(op.name(), &[a, b], a.dtype(), sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let (a_layout, b_layout) = (a.stretched(sizes), b.stretched(sizes));
        let _reading = reading([&a.buffer, &b.buffer]);
        let (a, b) = (a.seen(&a_layout), b.seen(&b_layout));
        if let Err(error) = out.device().backend().pair(op, a, b, out.view()) {
            out.buffer.fail(error);
        }
    }
    let rule = move || {
        Rule::own(move |step| {
            let d_a = step.wants(0).then(|| left(op, step)).transpose()?;
            let d_b = step.wants(1).then(|| right(op, step)).transpose()?;
            Ok(smallvec![
                d_a.map(|d_a| d_a.sum_to(step.saved[0].sizes())),
                d_b.map(|d_b| d_b.sum_to(step.saved[1].sizes()))
            ])
        })
    };
    record(op.name(), out, [a, b], rule, |out| {
        smallvec![a.clone(), b.clone(), out.as_own()]
    })
}

fn without_gradient(op: Pair) -> Error {
    Error::Gradient(format!("`backward`: `{}` has no gradient there", op.name()))
}

/// The gradient of the left operand, as large as the result.
fn left(op: Pair, step: Step<'_>) -> Result<Value> {
    let (a, b, out, d) = (&step.saved[0], &step.saved[1], &step.saved[2], step.gradient);
    Ok(match op {
        Pair::Atan2 => d.mul(&b.div(&norm(a, b)?)?)?,
        Pair::Hypot => d.mul(&a.div(out)?)?,
        Pair::Fmod | Pair::Remainder => d.clone(),
        Pair::FloorDivide | Pair::TruncDivide => d.zeros_like(),
        Pair::Fmax | Pair::Fmin => takes_left(op, a, b)?.select(d, &d.constant(0.0))?,
        Pair::Copysign => {
            let zero = a.compare_to(Compare::Eq, 0.0);
            let ratio = out.div(&zero.select(&a.constant(1.0), a)?)?;
            d.mul(&zero.select(&a.constant(0.0), &ratio)?)?
        }
        // 1 / (1 + exp(b - a)), and so with 2
        Pair::Logaddexp => d.mul(&a.sub(b)?.unary(Unary::Sigmoid))?,
        Pair::Logaddexp2 => d.mul(&a.sub(b)?.scale(std::f64::consts::LN_2).unary(Unary::Sigmoid))?,
        // d log(b), 0 where d is, and where a zero met what has no logarithm
        Pair::Xlogy => but_for(a, b, 0.0)?.select(&d.constant(0.0), &d.pair(op, b)?)?,
        Pair::Xlog1py => but_for(a, b, -1.0)?.select(&d.constant(0.0), &d.pair(op, b)?)?,
        // d 2^b
        Pair::Ldexp => d.pair(op, b)?,
        Pair::Heaviside | Pair::Nextafter | Pair::Zeta | Pair::Igamma | Pair::Igammac => {
            return Err(without_gradient(op));
        }
        Pair::BitAnd | Pair::BitOr | Pair::BitXor | Pair::ShiftLeft | Pair::ShiftRight | Pair::Gcd | Pair::Lcm => {
            unreachable!("`Pair::takes` says that these are not for floats")
        }
    })
}

/// The gradient of the right operand, as large as the result.
fn right(op: Pair, step: Step<'_>) -> Result<Value> {
    let (a, b, out, d) = (&step.saved[0], &step.saved[1], &step.saved[2], step.gradient);
    Ok(match op {
        Pair::Atan2 => d.mul(&a.div(&norm(a, b)?)?)?.neg(),
        Pair::Hypot => d.mul(&b.div(out)?)?,
        Pair::Fmod => d.mul(&a.pair(Pair::TruncDivide, b)?)?.neg(),
        Pair::Remainder => d.mul(&a.pair(Pair::FloorDivide, b)?)?.neg(),
        Pair::FloorDivide | Pair::TruncDivide | Pair::Copysign => d.zeros_like(),
        Pair::Fmax | Pair::Fmin => takes_left(op, a, b)?.select(&d.constant(0.0), d)?,
        Pair::Logaddexp => d.mul(&b.sub(a)?.unary(Unary::Sigmoid))?,
        Pair::Logaddexp2 => d.mul(&b.sub(a)?.scale(std::f64::consts::LN_2).unary(Unary::Sigmoid))?,
        Pair::Xlogy => d.mul(a)?.div(b)?,
        Pair::Xlog1py => d.mul(a)?.div(&b.affine(1.0, 1.0))?,
        // -a zeta(a + 1, b)
        Pair::Zeta => d.mul(&a.mul(&a.affine(1.0, 1.0).pair(op, b)?)?)?.neg(),
        // The density exp(-b) b^(a - 1) / gamma(a)
        Pair::Igamma => d.mul(&density(a, b)?)?,
        Pair::Igammac => d.mul(&density(a, b)?)?.neg(),
        // d out log(2)
        Pair::Ldexp => d.mul(out)?.scale(std::f64::consts::LN_2),
        Pair::Heaviside | Pair::Nextafter => return Err(without_gradient(op)),
        Pair::BitAnd | Pair::BitOr | Pair::BitXor | Pair::ShiftLeft | Pair::ShiftRight | Pair::Gcd | Pair::Lcm => {
            unreachable!("`Pair::takes` says that these are not for floats")
        }
    })
}

fn density(a: &Value, b: &Value) -> Result<Value> {
    let power = a.affine(1.0, -1.0).pair(Pair::Xlogy, b)?;
    Ok(power.sub(b)?.sub(&a.math(Math::Lgamma))?.exp())
}

/// `a^2 + b^2`, and 1 where that is 0.
fn norm(a: &Value, b: &Value) -> Result<Value> {
    let norm = a.square().add(&b.square())?;
    norm.compare_to(Compare::Eq, 0.0).select(&norm.constant(1.0), &norm)
}

/// Whether `fmax` or `fmin` is the left operand.
fn takes_left(op: Pair, a: &Value, b: &Value) -> Result<Value> {
    let wins = if op == Pair::Fmax { Compare::Ge } else { Compare::Le };
    let missing = b.compare(Compare::Ne, b)?;
    a.compare(wins, b)?.either(&missing)
}

/// Whether `a` is 0 and `b` not above `bound`.
fn but_for(a: &Value, b: &Value, bound: f64) -> Result<Value> {
    a.compare_to(Compare::Eq, 0.0).both(&b.compare_to(Compare::Le, bound))
}

impl Value {
    /// `op(self, other)`, broadcast. Both are of one element type.
    pub(crate) fn pair(&self, op: Pair, other: &Self) -> Result<Self> {
        crate::ops::elements::same_elements(op.name(), self.dtype(), other.dtype())?;
        let sizes = broadcast(op.name(), self.sizes(), other.sizes())?;
        Ok(pair(op, self, other, &sizes))
    }

    /// Whether one of two truth values holds.
    pub(crate) fn either(&self, other: &Self) -> Result<Self> {
        self.pair(Pair::BitOr, other)
    }

    /// Whether both of two truth values hold.
    pub(crate) fn both(&self, other: &Self) -> Result<Self> {
        self.pair(Pair::BitAnd, other)
    }
}

/// `x 2^n`, with exponents of any type.
fn ldexp(x: &Value, exponent: &Value, sizes: &[usize]) -> Value {
    let x = cast::to_float(x);
    pair(Pair::Ldexp, &x, &exponent.cast(x.dtype()), sizes)
}

/// The error that a division left, if it is one of whole numbers.
fn checked(op: Pair, out: Value) -> Result<Value> {
    if out.dtype().kind() == Kind::Integer && op.takes() == Takes::Numbers {
        out.buffer.check()?;
    }
    Ok(out)
}

/// Three methods each: of typed tensors, of dynamic ones, and with a number. The example's result goes through `$round` before it is compared.
macro_rules! methods {
    ($T:ident $round:literal: $($(#[$doc:meta])* $name:ident $number:ident => $op:expr, $Out:ty, $a:literal, $b:literal => $y:literal;)*) => {
        impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(", $a, ".", stringify!($name), "(&tensor![", $b, "])", $round, ", ", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<R: Shape>(&self, other: &Tensor<R, T>) -> Tensor<<S as BroadcastWith<R>>::Output, $Out>
            where
                S: BroadcastWith<R>,
            {
                match meet($op.name(), self, other) {
                    Ok(sizes) => Tensor::of(pair($op, self.value(), other.value(), &sizes)),
                    Err(error) => panic!("{error}"),
                }
            })*
        }

        impl<T: $T> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where the sizes do not broadcast, or a whole number is divided by 0.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let (a, b) = (", $a, ".into_dynamic(), tensor![", $b, "].into_dynamic());")]
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b)?", $round, ", ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, other: &Self) -> Result<Tensor<Dynamic, $Out>> {
                let sizes = meet($op.name(), self, other)?;
                checked($op, pair($op, self.value(), other.value(), &sizes)).map(Tensor::of)
            })*
        }

        impl<S: Shape, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            #[doc = concat!("[`Tensor::", stringify!($name), "`] with one number for `b`. A whole number divided by 0 leaves its error in the tensor.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(", $a, ".", stringify!($number), "(", $b, ")", $round, ", ", $y, ");")]
            /// ```
            pub fn $number(&self, number: T) -> Tensor<S, $Out> {
                let number = Value::from_slice(self.device(), &[], &[number]);
                Tensor::of(pair($op, self.value(), &number, self.sizes()))
            })*
        }
    };
}

methods! { Element ".round_decimals(4)":
    /// The angle of the point `(b, a)` in radians, between -pi and pi.
    #[doc(alias = "arctan2")]
    atan2 atan2_scalar => Pair::Atan2, T::Float, "tensor![1., 0.]", "1." => "tensor![0.7854, 0.]";
    /// `sqrt(a^2 + b^2)`, which does not overflow on the way.
    hypot hypot_scalar => Pair::Hypot, T::Float, "tensor![3., 0.]", "4." => "tensor![5., 4.]";
    /// The magnitude of `a` with the sign of `b`.
    copysign copysign_scalar => Pair::Copysign, T::Float, "tensor![1., -2.]", "-1." => "tensor![-1., -2.]";
    /// `log(exp(a) + exp(b))`, which does not overflow on the way.
    logaddexp logaddexp_scalar => Pair::Logaddexp, T::Float, "tensor![0., 1.]", "0." => "tensor![0.6931, 1.3133]";
    /// `log2(2^a + 2^b)`, which does not overflow on the way.
    logaddexp2 logaddexp2_scalar => Pair::Logaddexp2, T::Float, "tensor![1., 2.]", "1." => "tensor![2., 2.585]";
    /// `a log(b)`, and 0 where `a` is 0, unless `b` is NaN.
    xlogy xlogy_scalar => Pair::Xlogy, T::Float, "tensor![0., 2.]", "10." => "tensor![0., 4.6052]";
    /// `a log(1 + b)`, and 0 where `a` is 0, unless `b` is NaN. PyTorch's `special.xlog1py`.
    xlog1py xlog1py_scalar => Pair::Xlog1py, T::Float, "tensor![0., 2.]", "9." => "tensor![0., 4.6052]";
    /// Hurwitz' zeta function: the sum of `(b + k)^-a` over `k` from 0 on. Only `b` has a gradient. PyTorch's `special.zeta`.
    zeta zeta_scalar => Pair::Zeta, T::Float, "tensor![2., 4.]", "1." => "tensor![1.6449, 1.0823]";
    /// The lower incomplete gamma function, regularized: the integral of `exp(-t) t^(a - 1) / gamma(a)` from 0 to `b`. Only `b` has a
    /// gradient. PyTorch's `special.gammainc`.
    igamma igamma_scalar => Pair::Igamma, T::Float, "tensor![1., 2.]", "1." => "tensor![0.6321, 0.2642]";
    /// 1 minus [`Tensor::igamma`], exact where that is small. Only `b` has a gradient. PyTorch's `special.gammaincc`.
    igammac igammac_scalar => Pair::Igammac, T::Float, "tensor![1., 2.]", "1." => "tensor![0.3679, 0.7358]";
}

methods! { Numeric "":
    /// The remainder of `a / b` with the sign of `a`, as `%` of Rust and C.
    fmod fmod_scalar => Pair::Fmod, T, "tensor![7i64, -7]", "3i64" => "tensor![1i64, -1]";
    /// The remainder of `a / b` with the sign of `b`, as `%` of Python.
    remainder remainder_scalar => Pair::Remainder, T, "tensor![7i64, -7]", "3i64" => "tensor![1i64, 2]";
    /// `floor(a / b)`; its gradient is 0. PyTorch's `div(rounding_mode="floor")`.
    floor_divide floor_divide_scalar => Pair::FloorDivide, T, "tensor![7i64, -7]", "3i64" => "tensor![2i64, -3]";
    /// `trunc(a / b)`; its gradient is 0. PyTorch's `div(rounding_mode="trunc")`.
    trunc_divide trunc_divide_scalar => Pair::TruncDivide, T, "tensor![7i64, -7]", "3i64" => "tensor![2i64, -2]";
    /// The larger; a number wins over NaN, where [`Tensor::maximum`] gives NaN. At a tie the left operand takes the gradient.
    fmax fmax_scalar => Pair::Fmax, T, "tensor![f32::NAN, 3.]", "2." => "tensor![2., 3.]";
    /// The smaller; a number wins over NaN, where [`Tensor::minimum`] gives NaN. At a tie the left operand takes the gradient.
    fmin fmin_scalar => Pair::Fmin, T, "tensor![f32::NAN, 3.]", "2." => "tensor![2., 2.]";
    /// 0 where `a` is below 0, `b` where it is 0, 1 where it is above. It has no gradient.
    heaviside heaviside_scalar => Pair::Heaviside, T, "tensor![-1., 0., 2.]", "0.5" => "tensor![0., 0.5, 1.]";
}

methods! { Float "":
    /// The number next to `a` in the direction of `b`. It has no gradient.
    nextafter nextafter_scalar => Pair::Nextafter, T, "tensor![1.]", "2." => "tensor![1. + f32::EPSILON]";
}

methods! { Bits "":
    /// The bits that both have; of truth values, whether both hold. The operator `&`.
    bitwise_and bitwise_and_scalar => Pair::BitAnd, T, "tensor![6i64, 5]", "3i64" => "tensor![2i64, 1]";
    /// The bits that one has; of truth values, whether one holds. The operator `|`.
    bitwise_or bitwise_or_scalar => Pair::BitOr, T, "tensor![6i64, 5]", "3i64" => "tensor![7i64, 7]";
    /// The bits that one alone has; of truth values, whether one alone holds. The operator `^`.
    bitwise_xor bitwise_xor_scalar => Pair::BitXor, T, "tensor![6i64, 5]", "3i64" => "tensor![5i64, 6]";
}

methods! { Integer "":
    /// The bits of `a`, `b` places up; 0 where there are no such places.
    bitwise_left_shift bitwise_left_shift_scalar => Pair::ShiftLeft, T, "tensor![12i64, -8]", "2i64" => "tensor![48i64, -32]";
    /// The bits of `a`, `b` places down; the sign stays.
    bitwise_right_shift bitwise_right_shift_scalar => Pair::ShiftRight, T, "tensor![12i64, -8]", "2i64" => "tensor![3i64, -2]";
    /// The greatest common divisor, never negative.
    gcd gcd_scalar => Pair::Gcd, T, "tensor![12i64, -18]", "8i64" => "tensor![4i64, 2]";
    /// The least common multiple, never negative.
    lcm lcm_scalar => Pair::Lcm, T, "tensor![12i64, -18]", "8i64" => "tensor![24i64, 72]";
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// `x 2^n`.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 0.5].ldexp(&tensor![2i64, -1]), tensor![12., 0.25]);
    /// ```
    #[track_caller]
    pub fn ldexp<R: Shape, N: Element>(
        &self,
        exponent: &Tensor<R, N>,
    ) -> Tensor<<S as BroadcastWith<R>>::Output, T::Float>
    where
        S: BroadcastWith<R>,
    {
        match meet("ldexp", self, exponent) {
            Ok(sizes) => Tensor::of(ldexp(self.value(), exponent.value(), &sizes)),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// `x 2^n`.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, exponent) = (tensor![3., 0.5].into_dynamic(), tensor![2i64, -1].into_dynamic());
    /// assert_eq!(x.ldexp(&exponent)?.to_vec()?, [12., 0.25]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn ldexp<N: Element>(&self, exponent: &Tensor<Dynamic, N>) -> Result<Tensor<Dynamic, T::Float>> {
        let sizes = meet("ldexp", self, exponent)?;
        Ok(Tensor::of(ldexp(self.value(), exponent.value(), &sizes)))
    }
}
