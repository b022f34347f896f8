//! Sums with a factor, of two tensors or three.

use tensor_ops::{Binary, Compare};

use crate::element::{Differentiable, Element, Kind, Numeric};
use crate::error::Result;
use crate::layout::{Axes, broadcast};
use crate::ops::names::meet;
use crate::ops::{binary, cast, names};
use crate::shape::{Broadcast, BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

fn number<S: Shape, T: Element>(x: &Tensor<S, T>, number: T) -> Value {
    Value::from_slice(x.device(), &[], &[number])
}

/// `factor x`, of whole numbers and truth values as well.
fn scaled(x: &Value, factor: &Value) -> Value {
    binary::binary(Binary::Mul, x, factor, x.sizes())
}

/// Poisoned where it cannot be computed, whose sizes have been checked.
fn sticky(x: &Value, sizes: &[usize], out: Result<Value>) -> Value {
    out.unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), sizes, error))
}

/// `a op factor b`.
fn with_factor(op: Binary, a: &Value, b: &Value, factor: &Value, sizes: &[usize]) -> Value {
    cast::widened([a, b, factor], |[a, b, factor]| {
        binary::binary(op, a, &scaled(b, factor), sizes)
    })
}

/// `x + factor (a op b)`.
fn addc(op: Binary, [x, a, b]: [&Value; 3], factor: &Value, sizes: &[usize]) -> Value {
    cast::widened([x, a, b, factor], |[x, a, b, factor]| {
        let both = a.binary(op, b).and_then(|both| x.add(&scaled(&both, factor)));
        sticky(x, sizes, both)
    })
}

/// `x + weight (end - x)`, from the nearer end.
fn lerp([x, end, weight]: [&Value; 3], sizes: &[usize]) -> Value {
    cast::widened([x, end, weight], |[x, end, weight]| {
        let blend = || {
            let way = end.sub(x)?;
            let near = weight.abs().compare_to(Compare::Lt, 0.5);
            let back = way.mul(&weight.affine(-1.0, 1.0))?;
            near.select(&x.add(&way.mul(weight)?)?, &end.sub(&back)?)
        };
        sticky(x, sizes, blend())
    })
}

/// The same with one weight.
fn lerp_scalar(x: &Value, end: &Value, weight: f64, sizes: &[usize]) -> Value {
    cast::widened([x, end], |[x, end]| {
        let blend = || {
            let way = end.sub(x)?;
            if weight.abs() < 0.5 {
                x.add(&way.scale(weight))
            } else {
                end.sub(&way.scale(1.0 - weight))
            }
        };
        sticky(x, sizes, blend())
    })
}

/// The sizes that three operands share, or what is wrong with them.
fn three<S: Shape, R: Shape, Q: Shape, T: Element>(
    name: &'static str,
    a: &Tensor<S, T>,
    b: &Tensor<R, T>,
    c: &Tensor<Q, T>,
) -> Result<Axes<usize>> {
    names::agree(name, R::AXES, b.sizes(), Q::AXES, c.sizes())?;
    names::agree(name, S::AXES, a.sizes(), Q::AXES, c.sizes())?;
    let sizes = meet(name, a, b)?;
    broadcast(name, &sizes, c.sizes())
}

#[track_caller]
fn expected<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// What three broadcasting shapes give.
type Three<S, R, Q> = Broadcast<Broadcast<S, R>, Q>;

macro_rules! with_factor {
    ($T:ident: $($(#[$doc:meta])* $name:ident => $op:expr, $y:literal;)*) => {
        impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![1., 2.].", stringify!($name), "(&tensor![10.], 0.5), ", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<R: Shape>(&self, other: &Tensor<R, T>, factor: T) -> Tensor<Broadcast<S, R>, T>
            where
                S: BroadcastWith<R>,
            {
                let sizes = expected(meet(stringify!($name), self, other));
                Tensor::of(with_factor($op, self.value(), other.value(), &number(self, factor), &sizes))
            })*
        }

        impl<T: $T> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where the sizes do not broadcast.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let (a, b) = (tensor![1., 2.].into_dynamic(), tensor![10.].into_dynamic());
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b, 0.5)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, other: &Self, factor: T) -> Result<Self> {
                let sizes = meet(stringify!($name), self, other)?;
                Ok(Self::of(with_factor($op, self.value(), other.value(), &number(self, factor), &sizes)))
            })*
        }
    };
}

with_factor! { Element:
    /// `a + factor b`. PyTorch's `add(alpha=factor)`.
    add_scaled => Binary::Add, "tensor![6., 7.]";
}

with_factor! { Numeric:
    /// `a - factor b`. PyTorch's `sub(alpha=factor)`.
    sub_scaled => Binary::Sub, "tensor![-4., -3.]";
}

macro_rules! addc {
    ($T:ident: $($(#[$doc:meta])* $name:ident => $op:expr, $y:literal;)*) => {
        impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let (x, a, b) = (tensor![1., 2.], tensor![3.], tensor![10., 20.]);
            #[doc = concat!("assert_eq!(x.", stringify!($name), "(&a, &b, 10.), ", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<R: Shape, Q: Shape>(
                &self,
                a: &Tensor<R, T>,
                b: &Tensor<Q, T>,
                factor: T,
            ) -> Tensor<Three<S, R, Q>, T>
            where
                S: BroadcastWith<R>,
                Broadcast<S, R>: BroadcastWith<Q>,
            {
                let sizes = expected(three(stringify!($name), self, a, b));
                Tensor::of(addc($op, [self.value(), a.value(), b.value()], &number(self, factor), &sizes))
            })*
        }

        impl<T: $T> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where the sizes do not broadcast.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let (x, a) = (tensor![1., 2.].into_dynamic(), tensor![3.].into_dynamic());
            #[doc = concat!("assert_eq!(x.", stringify!($name), "(&a, &tensor![10., 20.].into_dynamic(), 10.)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, a: &Self, b: &Self, factor: T) -> Result<Self> {
                let sizes = three(stringify!($name), self, a, b)?;
                Ok(Self::of(addc($op, [self.value(), a.value(), b.value()], &number(self, factor), &sizes)))
            })*
        }
    };
}

addc! { Numeric:
    /// `x + factor a b`. PyTorch's `addcmul(a, b, value=factor)`.
    addcmul => Binary::Mul, "tensor![301., 602.]";
}

addc! { Differentiable:
    /// `x + factor a / b`. PyTorch's `addcdiv(a, b, value=factor)`.
    addcdiv => Binary::Div, "tensor![4., 3.5]";
}

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// `x + weight (end - x)`: `x` at 0, `end` at 1. PyTorch's `lerp` with a tensor of weights.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, end) = (tensor![0., 10.], tensor![4.]);
    /// assert_eq!(x.lerp(&end, &tensor![0.5, 1.]), tensor![2., 4.]);
    /// assert_eq!(x.lerp_scalar(&end, 0.25), tensor![1., 8.5]);
    /// ```
    #[track_caller]
    pub fn lerp<R: Shape, Q: Shape>(&self, end: &Tensor<R, T>, weight: &Tensor<Q, T>) -> Tensor<Three<S, R, Q>, T>
    where
        S: BroadcastWith<R>,
        Broadcast<S, R>: BroadcastWith<Q>,
    {
        let sizes = expected(three("lerp", self, end, weight));
        Tensor::of(lerp([self.value(), end.value(), weight.value()], &sizes))
    }

    /// `x + weight (end - x)` with one weight. PyTorch's `lerp` with a number.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 10.].lerp_scalar(&tensor![4.], 0.25), tensor![1., 8.5]);
    /// ```
    #[track_caller]
    pub fn lerp_scalar<R: Shape>(&self, end: &Tensor<R, T>, weight: f64) -> Tensor<Broadcast<S, R>, T>
    where
        S: BroadcastWith<R>,
    {
        let sizes = expected(meet("lerp", self, end));
        Tensor::of(lerp_scalar(self.value(), end.value(), weight, &sizes))
    }
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// `x + weight (end - x)`: `x` at 0, `end` at 1. PyTorch's `lerp` with a tensor of weights.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, end) = (tensor![0., 10.].into_dynamic(), tensor![4.].into_dynamic());
    /// assert_eq!(x.lerp(&end, &tensor![0.5, 1.].into_dynamic())?.to_vec()?, [2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn lerp(&self, end: &Self, weight: &Self) -> Result<Self> {
        let sizes = three("lerp", self, end, weight)?;
        Ok(Self::of(lerp([self.value(), end.value(), weight.value()], &sizes)))
    }

    /// `x + weight (end - x)` with one weight. PyTorch's `lerp` with a number.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, end) = (tensor![0., 10.].into_dynamic(), tensor![4.].into_dynamic());
    /// assert_eq!(x.lerp_scalar(&end, 0.25)?.to_vec()?, [1., 8.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn lerp_scalar(&self, end: &Self, weight: f64) -> Result<Self> {
        let sizes = meet("lerp", self, end)?;
        Ok(Self::of(lerp_scalar(self.value(), end.value(), weight, &sizes)))
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// `x` to a fixed power, computed in `f64`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![4i64].float_power(0.5), tensor![2f64]);
    /// assert_eq!(tensor![4i64, -2].powi(3), tensor![64i64, -8]);
    /// ```
    pub fn float_power(&self, exponent: f64) -> Tensor<S, f64> {
        self.cast::<f64>().pow(exponent)
    }
}

impl<S: Shape, T: Numeric> Tensor<S, T> {
    /// `x` to a fixed power that is no fraction, so that whole numbers stay such; they wrap around. PyTorch's `pow` with an integer.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![4i64, -2].powi(3), tensor![64i64, -8]);
    /// ```
    pub fn powi(&self, exponent: u32) -> Self {
        let x = self.value();
        Self::of(match T::DTYPE.kind() {
            Kind::Float => x.pow(f64::from(exponent)),
            Kind::Integer | Kind::Bool => {
                let exponent = Value::from_slice(x.device(), &[], &[i64::from(exponent)]);
                let power = binary::binary(Binary::Pow, &x.cast(crate::element::DType::I64), &exponent, x.sizes());
                power.cast(T::DTYPE)
            }
        })
    }
}
