//! Reductions: sums, means, extremes and products along axes.

use smallvec::smallvec;
use tensor_ops::{Binary, Reduce};

use crate::device::reading;
use crate::element::{DType, Differentiable, Element, Kind};
use crate::error::{Error, Result};
use crate::kernels::reduce::Extreme;
use crate::layout::{self, Axes, describe};
use crate::ops::running::cumprod;
use crate::ops::running::recurrence::{Way, shifted};
use crate::ops::{axes, binary, cast, view};
use crate::shape::{Dynamic, Ranked, ReduceAxis, Shape};
use crate::tape::{Gradients, Rule, Saved, Step, Value, record, recording};
use crate::tensors::Tensor;

/// `op` along the axes where `axes` is true; they stay as size 1 where `keep`. Sums and products of whole numbers and truth values have
/// 64 bits; the mean is for floats.
pub(crate) fn reduce(op: Reduce, x: &Value, axes: &[bool], keep: bool) -> Value {
    let extreme = matches!(op, Reduce::Max | Reduce::Min);
    if extreme && x.buffer.poison().is_none() && axes::count(x.sizes(), axes) == 0 {
        return of_nothing(op, x, axes, keep);
    }
    if x.dtype().kind() == Kind::Float {
        return cast::widened([x], |[x]| computed(op, x, axes, keep));
    }
    let out = computed(op, &cast::cast(x, DType::I64), axes, keep);
    match op {
        Reduce::Sum | Reduce::Prod | Reduce::Mean => out,
        Reduce::Max | Reduce::Min => cast::cast(&out, x.dtype()),
    }
}

/// The extremes of no elements: there are none.
fn of_nothing(op: Reduce, x: &Value, axes: &[bool], keep: bool) -> Value {
    let marked = x.sizes().iter().zip(axes);
    let sizes: Axes<usize> = marked
        .filter(|(_, gone)| keep || !**gone)
        .map(|(&n, &gone)| if gone { 1 } else { n })
        .collect();
    let error = Error::shape(op.name(), "elements along the axes it goes over", describe(x.sizes()));
    Value::poisoned(x.device(), x.dtype(), &sizes, error)
}

fn computed(op: Reduce, x: &Value, axes: &[bool], keep: bool) -> Value {
    let kept: Axes<usize> = x
        .sizes()
        .iter()
        .zip(axes)
        .map(|(&n, &gone)| if gone { 1 } else { n })
        .collect();
    let out = match Value::output(op.name(), &[x], x.dtype(), &kept) {
        Ok(out) => {
            let _reading = reading([&x.buffer]);
            out.device().backend().reduce(op, x.view(), out.view(), false);
            record(
                op.name(),
                out,
                [x],
                || Rule::Reduce(backward, op),
                |out| saved(op, x, out),
            )
        }
        Err(poisoned) => poisoned,
    };
    if keep {
        return out;
    }
    let sizes: Axes<usize> = x
        .sizes()
        .iter()
        .zip(axes)
        .filter(|(_, gone)| !**gone)
        .map(|(&n, _)| n)
        .collect();
    view::reshape(&out, &sizes)
}

/// `op` over all elements.
pub(crate) fn reduce_all(op: Reduce, x: &Value) -> Value {
    let axes: Axes<bool> = smallvec![true; x.layout.rank()];
    reduce(op, x, &axes, false)
}

/// A reduction along named axes, all where none is named.
pub(crate) fn along(op: Reduce, name: &'static str, x: &Value, named: &[isize], keep: bool) -> Result<Value> {
    let marked = axes::marked(name, named, x.layout.rank())?;
    if matches!(op, Reduce::Max | Reduce::Min) && axes::count(x.sizes(), &marked) == 0 {
        return Err(Error::shape(
            name,
            "elements along the axes it goes over",
            describe(x.sizes()),
        ));
    }
    Ok(reduce(op, x, &marked, keep))
}

fn saved(op: Reduce, x: &Value, out: &Value) -> Saved {
    match op {
        Reduce::Sum | Reduce::Mean => smallvec![x.sizes_only()],
        Reduce::Max | Reduce::Min | Reduce::Prod => smallvec![x.clone(), out.as_own()],
    }
}

fn backward(op: Reduce, step: Step<'_>) -> Gradients {
    let (saved, gradient) = (step.saved, step.gradient);
    let x = &saved[0];
    let spread = |y: &Value| view::broadcast(y, x.sizes()).unwrap_or_else(|| y.clone());
    let d_x = match op {
        Reduce::Sum => spread(gradient),
        Reduce::Mean => {
            let scale = gradient.len() as f64 / x.len() as f64;
            spread(&gradient.scale(scale))
        }
        // Where several elements are the largest, each takes an even share, as `amax` has it in PyTorch.
        Reduce::Max | Reduce::Min => {
            let hits = hits(x, &spread(&saved[1]));
            let axes: Axes<bool> = x
                .sizes()
                .iter()
                .zip(gradient.sizes())
                .map(|(&from, &to)| from != to)
                .collect();
            let count = reduce(Reduce::Sum, &hits, &axes, true);
            let share = binary::binary(Binary::Div, gradient, &count, gradient.sizes());
            binary::binary(Binary::Mul, &hits, &spread(&share), x.sizes())
        }
        Reduce::Prod if recording() => {
            let d_x = prod_in_operations(x, &saved[1], gradient);
            return smallvec![Some(d_x.unwrap_or_else(|error| {
                Value::poisoned(x.device(), x.dtype(), x.sizes(), error)
            }))];
        }
        Reduce::Prod => return smallvec![Some(prod_backward(x, &saved[1], gradient))],
    };
    smallvec![Some(d_x)]
}

/// 1 where `x` equals the extreme, else 0: `1 - |sign(x - extreme)|`.
fn hits(x: &Value, extreme: &Value) -> Value {
    let off = binary::binary(Binary::Sub, x, extreme, x.sizes()).sign().abs();
    off.affine(-1.0, 1.0)
}

/// The product of the others. `product / x` where no element is 0; with zeros among them the quotient is undefined, so
/// it is taken with the zeros replaced: one zero leaves only its own gradient, two leave none.
fn prod_backward(x: &Value, product: &Value, gradient: &Value) -> Value {
    let spread = |y: &Value| view::broadcast(y, x.sizes()).unwrap_or_else(|| y.clone());
    let sizes = x.sizes();
    let axes: Axes<bool> = sizes
        .iter()
        .zip(product.sizes())
        .map(|(&from, &to)| from != to)
        .collect();
    let zero = hits(x, &binary::binary(Binary::Sub, x, x, sizes));
    let without = binary::binary(Binary::Add, x, &zero, sizes);
    let others = reduce(Reduce::Prod, &without, &axes, true);
    let zeros = reduce(Reduce::Sum, &zero, &axes, true);
    // Elements that are not 0 get a gradient only where no element is; a 0 gets one only where it is the only one.
    let rivals = binary::binary(Binary::Sub, &spread(&zeros), &zero, sizes);
    let alone = hits(&rivals, &binary::binary(Binary::Sub, &rivals, &rivals, sizes));
    let quotient = binary::binary(Binary::Div, &spread(&others), &without, sizes);
    let scale = binary::binary(Binary::Mul, &quotient, &alone, sizes);
    binary::binary(Binary::Mul, &scale, &spread(gradient), sizes)
}

/// The same as the product of what comes before and what comes after an element, which can be differentiated with zeros among them.
fn prod_in_operations(x: &Value, product: &Value, gradient: &Value) -> Result<Value> {
    let gone = |axis: &usize| x.sizes()[*axis] != product.sizes()[*axis];
    let order: Axes<usize> = (0..x.layout.rank())
        .filter(|axis| !gone(axis))
        .chain((0..x.layout.rank()).filter(gone))
        .collect();
    let turned = x.permute(&order);
    let kept = (0..x.layout.rank()).filter(|axis| !gone(axis)).count();
    let mut flat: Axes<usize> = turned.sizes()[..kept].into();
    flat.push(layout::len(&turned.sizes()[kept..]));
    let rows = turned.reshape(&flat);
    let before = shifted(&cumprod(&rows, -1, Way::Forward)?, kept, Way::Forward, 1.0)?;
    let after = shifted(&cumprod(&rows, -1, Way::Back)?, kept, Way::Back, 1.0)?;
    let others = before.mul(&after)?.reshape(turned.sizes());
    others.permute(&layout::inverse(&order)).mul(gradient)
}

fn one_axis(rank: usize, axis: usize) -> Axes<bool> {
    (0..rank).map(|index| index == axis).collect()
}

macro_rules! methods {
    ($Element:ident => $Out:ty: $($(#[$doc:meta])* $all:ident $axis:ident $keep:ident => $op:expr, $torch:literal, $one:literal $each:literal;)*) => {
        impl<S: Shape, T: $Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Over all elements.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 2.], [3., 4.]];
            #[doc = concat!("assert_eq!(x.", stringify!($all), "().item()?, ", $one, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $all(&self) -> Tensor<(), $Out> {
                Tensor::of(reduce_all($op, self.value()))
            })*
        }

        impl<S: Ranked, T: $Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            #[doc = concat!("Along one axis, which goes; negative axes count from the end. PyTorch's `", $torch, "(dim)`.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 2.], [3., 4.]];
            #[doc = concat!("assert_eq!(x.", stringify!($axis), "::<0>(), tensor!", $each, ");")]
            /// ```
            pub fn $axis<const AXIS: isize>(&self) -> Tensor<<S as ReduceAxis<AXIS>>::Output, $Out>
            where
                S: ReduceAxis<AXIS>,
            {
                let axes = one_axis(S::AXIS_COUNT, <S as ReduceAxis<AXIS>>::INDEX);
                Tensor::of(reduce($op, self.value(), &axes, false))
            }

            $(#[$doc])*
            ///
            #[doc = concat!("Along one axis, which stays with size 1; negative axes count from the end. PyTorch's `", $torch, "(dim, keepdim=True)`.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 2.], [3., 4.]];
            #[doc = concat!("assert_eq!(x.", stringify!($keep), "::<0>(), tensor![", $each, "]);")]
            /// ```
            pub fn $keep<const AXIS: isize>(&self) -> Tensor<<S as ReduceAxis<AXIS>>::Kept, $Out>
            where
                S: ReduceAxis<AXIS>,
            {
                let axes = one_axis(S::AXIS_COUNT, <S as ReduceAxis<AXIS>>::INDEX);
                Tensor::of(reduce($op, self.value(), &axes, true))
            })*
        }

        impl<T: $Element> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            #[doc = concat!("Along one axis, which goes; negative axes count from the end. PyTorch's `", $torch, "(dim)`.")]
            ///
            /// # Errors
            /// Where there is no such axis; of an extreme, where it has no elements.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 2.], [3., 4.]];
            #[doc = concat!("assert_eq!(x.into_dynamic().", stringify!($axis), "(0)?.to_vec()?, ", $each, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $axis(&self, axis: isize) -> Result<Tensor<Dynamic, $Out>> {
                along($op, $op.name(), self.value(), &[axis], false).map(Tensor::of)
            }

            $(#[$doc])*
            ///
            #[doc = concat!("Along one axis, which stays with size 1; negative axes count from the end. PyTorch's `", $torch, "(dim, keepdim=True)`.")]
            ///
            /// # Errors
            /// Where there is no such axis; of an extreme, where it has no elements.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 2.], [3., 4.]];
            #[doc = concat!("assert_eq!(x.into_dynamic().", stringify!($keep), "(0)?, tensor![", $each, "].into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $keep(&self, axis: isize) -> Result<Tensor<Dynamic, $Out>> {
                along($op, $op.name(), self.value(), &[axis], true).map(Tensor::of)
            })*
        }
    };
}

methods! {
    Element => T::Sum:
    /// The sum; of nothing 0. Of whole numbers and truth values it has 64 bits.
    sum sum_axis sum_keep => Reduce::Sum, "sum", "10." "[4., 6.]";
    /// The product; of nothing 1. Of whole numbers and truth values it has 64 bits.
    prod prod_axis prod_keep => Reduce::Prod, "prod", "24." "[3., 8.]";
}

methods! {
    Differentiable => T:
    /// The mean; of nothing NaN.
    mean mean_axis mean_keep => Reduce::Mean, "mean", "2.5" "[2., 3.]";
}

methods! {
    Element => T:
    /// The largest element; NaN wins, and of nothing there is none: an error. Where several are the largest, they share the gradient, as
    /// PyTorch's `amax`. With the place of one of them, as PyTorch's `max(dim)`, it is
    /// [`max_with_index`](Tensor::max_with_index).
    max max_axis max_keep => Reduce::Max, "amax", "4." "[3., 4.]";
    /// The smallest element; NaN wins, and of nothing there is none: an error. Where several are the smallest, they share the gradient,
    /// as PyTorch's `amin`. With the place of one of them, as PyTorch's `min(dim)`, it is
    /// [`min_with_index`](Tensor::min_with_index).
    min min_axis min_keep => Reduce::Min, "amin", "1." "[1., 2.]";
}

/// The index of the extreme element along the last axis.
pub(crate) fn arg(extreme: Extreme, x: &Value) -> Value {
    let wide = if x.dtype().is_half() {
        cast::cast(x, DType::F32)
    } else {
        x.clone()
    };
    let x = wide.contiguous();
    let sizes: Axes<usize> = x.sizes()[..x.layout.rank().saturating_sub(1)].into();
    let name = match extreme {
        Extreme::Max => "argmax",
        Extreme::Min => "argmin",
    };
    match Value::output(name, &[&*x], i64::DTYPE, &sizes) {
        Ok(out) => {
            let _reading = reading([&x.buffer]);
            out.device().backend().arg_reduce(extreme, x.matrix(), out.row());
            out
        }
        Err(poisoned) => poisoned,
    }
}

macro_rules! arg_methods {
    ($($(#[$doc:meta])* $name:ident => $extreme:expr, $y:literal;)*) => {
        impl<S: Ranked, T: Differentiable> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// It has no gradient: the result holds integers, which `backward` does not take. Panics where the axis has no
            /// element.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 7., 7.], [4., 2., 0.]];
            #[doc = concat!("assert_eq!(x.", stringify!($name), "(), tensor!", $y, ");")]
            /// ```
            #[track_caller]
            pub fn $name(&self) -> Tensor<<S as ReduceAxis<-1>>::Output, i64>
            where
                S: ReduceAxis<-1>,
            {
                match arg_checked(stringify!($name), $extreme, self.value()) {
                    Ok(out) => Tensor::of(out),
                    Err(error) => panic!("{error}"),
                }
            })*
        }

        impl<T: Differentiable> Tensor<Dynamic, T> {
            $($(#[$doc])*
            ///
            /// # Errors
            /// Where there is no axis, or none of its elements.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = tensor![[1., 7., 7.], [4., 2., 0.]].into_dynamic();
            #[doc = concat!("assert_eq!(x.", stringify!($name), "()?.to_vec()?, ", $y, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $name(&self) -> Result<Tensor<Dynamic, i64>> {
                arg_checked(stringify!($name), $extreme, self.value()).map(Tensor::of)
            })*
        }
    };
}

fn arg_checked(name: &'static str, extreme: Extreme, x: &Value) -> Result<Value> {
    let last = layout::axis(name, -1, x.layout.rank())?;
    if x.sizes()[last] == 0 && x.sizes()[..last].iter().all(|&size| size > 0) {
        return Err(Error::shape(name, "a last axis with elements", describe(x.sizes())));
    }
    Ok(arg(extreme, x))
}

arg_methods! {
    /// The index of the largest element along the last axis, the first of several; NaN wins. PyTorch's `argmax(-1)`; its `argmax()` is
    /// [`argmax_all`](Tensor::argmax_all).
    argmax => Extreme::Max, "[1i64, 0]";
    /// The index of the smallest element along the last axis, the first of several; NaN wins. PyTorch's `argmin(-1)`; its `argmin()` is
    /// [`argmin_all`](Tensor::argmin_all).
    argmin => Extreme::Min, "[0i64, 2]";
}
