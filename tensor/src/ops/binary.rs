//! Elementwise operations on two tensors, with broadcasting.

use half::{bf16, f16};
use smallvec::smallvec;
use tensor_ops::{Binary, Unary};

use crate::device::reading;
use crate::element::{DType, Element, Kind, Numeric};
use crate::error::Result;
use crate::layout::{Axes, broadcast};
use crate::ops::{cast, names, view};
use crate::shape::{BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::{Gradients, Rule, Saved, Step, Value, record};
use crate::tensors::Tensor;

/// `op(a, b)`, both stretched to `sizes`; they have one element type. The quotient of whole numbers is a float; of truth values the sum
/// is whether one holds, the product whether both do.
pub(crate) fn binary(op: Binary, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    match a.dtype().kind() {
        Kind::Float => cast::widened([a, b], |[a, b]| computed(op, a, b, sizes)),
        Kind::Integer | Kind::Bool if op == Binary::Div => computed(op, &cast::to_float(a), &cast::to_float(b), sizes),
        Kind::Integer => computed(op, a, b, sizes),
        Kind::Bool => {
            let bytes = computed(op, &cast::cast(a, DType::U8), &cast::cast(b, DType::U8), sizes);
            cast::cast(&bytes, DType::Bool)
        }
    }
}

fn computed(op: Binary, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let out = match Value::output(op.name(), &[a, b], a.dtype(), sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let (a_layout, b_layout) = (a.stretched(sizes), b.stretched(sizes));
        let _reading = reading([&a.buffer, &b.buffer]);
        let (a, b) = (a.seen(&a_layout), b.seen(&b_layout));
        out.device().backend().binary(op, a, b, out.view());
    }
    record(
        op.name(),
        out,
        [a, b],
        || Rule::Binary(backward, op),
        |out| saved(op, a, b, out),
    )
}

/// What the rule below needs.
fn saved(op: Binary, a: &Value, b: &Value, out: &Value) -> Saved {
    match op {
        Binary::Add | Binary::Sub => smallvec![a.sizes_only(), b.sizes_only()],
        Binary::Mul | Binary::Div | Binary::Maximum | Binary::Minimum => smallvec![a.clone(), b.clone()],
        Binary::Pow => smallvec![a.clone(), b.clone(), out.as_own()],
    }
}

fn backward(op: Binary, step: Step<'_>) -> Gradients {
    let (saved, d) = (step.saved, step.gradient);
    let (a, b) = (&saved[0], &saved[1]);
    let times = |x: &Value, y: &Value| binary(Binary::Mul, x, y, d.sizes());
    let over = |x: &Value, y: &Value| binary(Binary::Div, x, y, d.sizes());
    let d_a = step.wants(0).then(|| {
        let full = match op {
            Binary::Add | Binary::Sub => d.clone(),
            Binary::Mul => times(d, b),
            Binary::Div => over(d, b),
            // b a^(b - 1), which is 0 where b is 0 whatever a is: the power there is a^0, not a^-1.
            Binary::Pow => {
                let less = b.affine(1.0, -1.0);
                let power = binary(Binary::Add, &less, &is_zero(b), b.sizes());
                times(d, &times(b, &binary(Binary::Pow, a, &power, d.sizes())))
            }
            Binary::Maximum => times(d, &share(a, b, d.sizes())),
            Binary::Minimum => times(d, &share(b, a, d.sizes())),
        };
        view::sum_to(&full, a.sizes())
    });
    let d_b = step.wants(1).then(|| {
        let full = match op {
            Binary::Add => d.clone(),
            Binary::Sub => d.neg(),
            Binary::Mul => times(d, a),
            // -a / b^2
            Binary::Div => over(&times(d, &over(a, b)), b).neg(),
            // a^b log(a), which is 0 where a is 0, unless b is negative: the logarithm there is log(1).
            Binary::Pow => {
                let negative = b.sign().neg().unary(Unary::Relu);
                let lifted = negative.affine(-1.0, 1.0);
                let base = binary(Binary::Add, a, &times(&is_zero(a), &lifted), d.sizes());
                times(d, &times(&saved[2], &base.log()))
            }
            Binary::Maximum => times(d, &share(b, a, d.sizes())),
            Binary::Minimum => times(d, &share(a, b, d.sizes())),
        };
        view::sum_to(&full, b.sizes())
    });
    smallvec![d_a, d_b]
}

/// 1 where `a` is the larger, 1/2 at a tie, 0 elsewhere: `(1 + sign(a - b)) / 2`.
fn share(a: &Value, b: &Value, sizes: &[usize]) -> Value {
    binary(Binary::Sub, a, b, sizes).sign().affine(0.5, 0.5)
}

/// 1 where `x` is 0, else 0.
fn is_zero(x: &Value) -> Value {
    x.sign().abs().affine(-1.0, 1.0)
}

/// The sizes of the result, or what is wrong with the operands.
fn sizes<S: Shape, R: Shape, T: Element>(op: Binary, a: &Tensor<S, T>, b: &Tensor<R, T>) -> Result<Axes<usize>> {
    names::agree(op.name(), S::AXES, a.sizes(), R::AXES, b.sizes())?;
    broadcast(op.name(), a.sizes(), b.sizes())
}

macro_rules! methods {
    ($T:ident: $($(#[$doc:meta])* $name:ident => $op:expr, $Out:ty, $b:literal => $y:literal;)*) => {
        impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![[1., 2.]].", stringify!($name), "(&", $b, "), ", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name<R: Shape>(&self, other: &Tensor<R, T>) -> Tensor<<S as BroadcastWith<R>>::Output, $Out>
            where
                S: BroadcastWith<R>,
            {
                match sizes($op, &self, &other) {
                    Ok(sizes) => Tensor::of(binary($op, self.value(), other.value(), &sizes)),
                    Err(error) => panic!("{error}"),
                }
            })*
        }

        impl<T: $T> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch.
            ///
            /// # Errors
            /// Where the sizes do not broadcast.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let (a, b) = (tensor![[1., 2.]].into_dynamic(), ", $b, ".into_dynamic());")]
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self, other: &Self) -> Result<Tensor<Dynamic, $Out>> {
                let sizes = sizes($op, &self, &other)?;
                Ok(Tensor::of(binary($op, self.value(), other.value(), &sizes)))
            })*
        }
    };
}

methods! { Element:
    /// `a + b`; of truth values, whether one holds.
    add => Binary::Add, T, "tensor![[3.], [4.]]" => "tensor![[4., 5.], [5., 6.]]";
    /// `a b`, element by element; of truth values, whether both hold.
    #[doc(alias = "multiply")]
    mul => Binary::Mul, T, "tensor![[3.], [4.]]" => "tensor![[3., 6.], [4., 8.]]";
    /// `a / b`; of whole numbers as floats.
    #[doc(alias = "true_divide")]
    div => Binary::Div, T::Float, "tensor![[2.], [4.]]" => "tensor![[0.5, 1.], [0.25, 0.5]]";
    /// The larger of the two; NaN wins. At a tie each takes half of the gradient. PyTorch's `max` of two tensors.
    maximum => Binary::Maximum, T, "tensor![[2.], [0.]]" => "tensor![[2., 2.], [1., 2.]]";
    /// The smaller of the two; NaN wins. At a tie each takes half of the gradient. PyTorch's `min` of two tensors.
    minimum => Binary::Minimum, T, "tensor![[2.], [0.]]" => "tensor![[1., 2.], [0., 0.]]";
}

methods! { Numeric:
    /// `a - b`.
    #[doc(alias = "subtract")]
    sub => Binary::Sub, T, "tensor![[3.], [4.]]" => "tensor![[-2., -1.], [-3., -2.]]";
    /// `a` to the power of `b`. Whole numbers wrap around; of a negative power the whole part is left. PyTorch's `pow` with a tensor.
    pow_tensor => Binary::Pow, T, "tensor![[2.], [3.]]" => "tensor![[1., 4.], [1., 8.]]";
}

/// Operators take tensors and references to them alike, typed and dynamic ones. Sizes that do not fit, which on typed ones can
/// only be two values of one name, panic with the text that the methods of dynamic ones return.
macro_rules! operators {
    ($($Trait:ident $method:ident $op:expr, $Element:ty;)*) => {
        $(
            operators! { @all $Trait $method $op, $Element,
                [S: BroadcastWith<R>, R: Shape,] S, R => <S as BroadcastWith<R>>::Output }
            operators! { @all $Trait $method $op, $Element, [] Dynamic, Dynamic => Dynamic }
        )*
    };
    (@all $Trait:ident $method:ident $op:expr, $Element:ty, $generics:tt $S:ty, $R:ty => $Out:ty) => {
        operators! { @one $Trait $method $op, $Element, $generics &Tensor<$S, T>, &Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $Element, $generics &Tensor<$S, T>, Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $Element, $generics Tensor<$S, T>, &Tensor<$R, T> => $Out }
        operators! { @one $Trait $method $op, $Element, $generics Tensor<$S, T>, Tensor<$R, T> => $Out }
    };
    (@one $Trait:ident $method:ident $op:expr, $Element:ty, [$($generics:tt)*] $Left:ty, $Right:ty => $Out:ty) => {
        impl<$($generics)* T: Numeric> std::ops::$Trait<$Right> for $Left {
            type Output = Tensor<$Out, $Element>;

            #[track_caller]
            fn $method(self, other: $Right) -> Self::Output {
                match sizes($op, &self, &other) {
                    Ok(sizes) => Tensor::of(binary($op, self.value(), other.value(), &sizes)),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
}

operators! {
    Add add Binary::Add, T;
    Sub sub Binary::Sub, T;
    Mul mul Binary::Mul, T;
    Div div Binary::Div, T::Float;
}

/// A number beside an operator meets every element.
macro_rules! scalar_operators {
    ($($Trait:ident $method:ident $op:expr, $Element:ty, [$($T:ident => $Out:ty),*];)*) => {
        $(
            impl<S: Shape, T: Numeric> std::ops::$Trait<T> for &Tensor<S, T> {
                type Output = Tensor<S, $Element>;

                fn $method(self, other: T) -> Self::Output {
                    let number = Value::from_slice(self.device(), &[], &[other]);
                    Tensor::of(binary($op, self.value(), &number, self.sizes()))
                }
            }

            impl<S: Shape, T: Numeric> std::ops::$Trait<T> for Tensor<S, T> {
                type Output = Tensor<S, $Element>;

                fn $method(self, other: T) -> Self::Output {
                    std::ops::$Trait::$method(&self, other)
                }
            }

            // The number's type must be named here: the trait and the number's type are not ours.
            $(
                impl<S: Shape> std::ops::$Trait<&Tensor<S, $T>> for $T {
                    type Output = Tensor<S, $Out>;

                    fn $method(self, other: &Tensor<S, $T>) -> Self::Output {
                        let number = Value::from_slice(other.device(), &[], &[self]);
                        Tensor::of(binary($op, &number, other.value(), other.sizes()))
                    }
                }

                impl<S: Shape> std::ops::$Trait<Tensor<S, $T>> for $T {
                    type Output = Tensor<S, $Out>;

                    fn $method(self, other: Tensor<S, $T>) -> Self::Output {
                        std::ops::$Trait::$method(self, &other)
                    }
                }
            )*
        )*
    };
}

scalar_operators! {
    Add add Binary::Add, T, [f32 => f32, f64 => f64, f16 => f16, bf16 => bf16, i64 => i64, i32 => i32, u8 => u8];
    Sub sub Binary::Sub, T, [f32 => f32, f64 => f64, f16 => f16, bf16 => bf16, i64 => i64, i32 => i32, u8 => u8];
    Mul mul Binary::Mul, T, [f32 => f32, f64 => f64, f16 => f16, bf16 => bf16, i64 => i64, i32 => i32, u8 => u8];
    Div div Binary::Div, T::Float, [f32 => f32, f64 => f64, f16 => f16, bf16 => bf16, i64 => f32, i32 => f32, u8 => f32];
}
