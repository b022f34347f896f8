//! Comparisons, which give truth values and have no gradient.

use tensor_ops::Compare;

use crate::device::reading;
use crate::element::{DType, Element};
use crate::error::Result;
use crate::layout::{Axes, broadcast};
use crate::ops::names;
use crate::shape::{BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// Whether `a op b`, both stretched to `sizes`.
pub(crate) fn compare(op: Compare, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let out = match Value::output(op.name(), &[a, b], DType::Bool, sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned.detach(),
    };
    let (a_layout, b_layout) = (a.stretched(sizes), b.stretched(sizes));
    let _reading = reading([&a.buffer, &b.buffer]);
    let (a, b) = (a.seen(&a_layout), b.seen(&b_layout));
    out.device().backend().compare(op, a, b, out.view());
    out
}

fn sizes<S: Shape, R: Shape, T: Element>(op: Compare, a: &Tensor<S, T>, b: &Tensor<R, T>) -> Result<Axes<usize>> {
    names::agree(op.name(), S::AXES, a.sizes(), R::AXES, b.sizes())?;
    broadcast(op.name(), a.sizes(), b.sizes())
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $number:ident => $op:expr, $y:literal;)*) => {
        impl<S: Ranked, T: Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![1., 2., 3.].", stringify!($name), "(&tensor![2.]), ", $y, ");")]
            /// ```
            #[track_caller]
            #[allow(clippy::should_implement_trait, reason = "it compares element by element")]
            pub fn $name<R: Shape>(&self, other: &Tensor<R, T>) -> Tensor<<S as BroadcastWith<R>>::Output, bool>
            where
                S: BroadcastWith<R>,
            {
                match sizes($op, self, other) {
                    Ok(sizes) => Tensor::of(compare($op, self.value(), other.value(), &sizes)),
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
            /// let (a, b) = (tensor![1., 2., 3.].into_dynamic(), tensor![2.].into_dynamic());
            #[doc = concat!("assert_eq!(a.", stringify!($name), "(&b)?, ", $y, ".into_dynamic());")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[allow(clippy::should_implement_trait, reason = "it compares element by element")]
            pub fn $name(&self, other: &Self) -> Result<Tensor<Dynamic, bool>> {
                let sizes = sizes($op, self, other)?;
                Ok(Tensor::of(compare($op, self.value(), other.value(), &sizes)))
            })*
        }

        impl<S: Shape, T: Element> Tensor<S, T> {
            $($(#[$doc])*
            ///
            #[doc = concat!("[`Tensor::", stringify!($name), "`] with one number for `b`.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("assert_eq!(tensor![1., 2., 3.].", stringify!($number), "(2.), ", $y, ");")]
            /// ```
            pub fn $number(&self, number: T) -> Tensor<S, bool> {
                let number = Value::from_slice(self.device(), &[], &[number]);
                Tensor::of(compare($op, self.value(), &number, self.sizes()))
            })*
        }
    };
}

methods! {
    /// Whether `a == b`, element by element. PyTorch's `eq`.
    eq eq_scalar => Compare::Eq, "tensor![false, true, false]";
    /// Whether `a != b`, element by element. PyTorch's `ne`.
    ne ne_scalar => Compare::Ne, "tensor![true, false, true]";
    /// Whether `a < b`, element by element.
    lt lt_scalar => Compare::Lt, "tensor![true, false, false]";
    /// Whether `a <= b`, element by element.
    le le_scalar => Compare::Le, "tensor![true, true, false]";
    /// Whether `a > b`, element by element.
    gt gt_scalar => Compare::Gt, "tensor![false, false, true]";
    /// Whether `a >= b`, element by element.
    ge ge_scalar => Compare::Ge, "tensor![false, true, true]";
}
