//! One of two elements, by a truth value.

use smallvec::smallvec;

use crate::device::reading;
use crate::element::Element;
use crate::error::Result;
use crate::layout::{Axes, broadcast};
use crate::ops::names;
use crate::shape::{Broadcast, BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::{Gradients, Rule, Step, Value, record};
use crate::tensors::Tensor;

/// `condition ? a : b`, all stretched to `sizes`. `a` and `b` are of one element type.
pub(crate) fn select(condition: &Value, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let out = match Value::output("where", &[a, b, condition], a.dtype(), sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let layouts = [condition, a, b].map(|x| x.stretched(sizes));
        let _reading = reading([&condition.buffer, &a.buffer, &b.buffer]);
        let [condition_layout, a_layout, b_layout] = &layouts;
        let (a, b) = (a.seen(a_layout), b.seen(b_layout));
        out.device()
            .backend()
            .select(condition.seen(condition_layout), a, b, out.view());
    }
    let saved = |_: &Value| smallvec![condition.detach(), a.sizes_only(), b.sizes_only()];
    record("where", out, [a, b], || Rule::Plain(backward), saved)
}

fn backward(step: Step<'_>) -> Gradients {
    let (condition, d) = (&step.saved[0], step.gradient);
    let zero = d.constant(0.0);
    let d_a = step
        .wants(0)
        .then(|| select(condition, d, &zero, d.sizes()).sum_to(step.saved[1].sizes()));
    let d_b = step
        .wants(1)
        .then(|| select(condition, &zero, d, d.sizes()).sum_to(step.saved[2].sizes()));
    smallvec![d_a, d_b]
}

/// The sizes of the result, or what is wrong with the operands.
fn sizes<S: Shape, C: Shape, R: Shape, T: Element>(
    x: &Tensor<S, T>,
    condition: &Tensor<C, bool>,
    other: &Tensor<R, T>,
) -> Result<Axes<usize>> {
    names::agree("where", S::AXES, x.sizes(), C::AXES, condition.sizes())?;
    names::agree("where", C::AXES, condition.sizes(), R::AXES, other.sizes())?;
    names::agree("where", S::AXES, x.sizes(), R::AXES, other.sizes())?;
    let both = broadcast("where", x.sizes(), condition.sizes())?;
    broadcast("where", &both, other.sizes())
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// `x` where the condition holds, `other` elsewhere. PyTorch's `where(condition, x, other)`.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., -2., 3.];
    /// assert_eq!(x.where_(&x.gt_scalar(0.), &tensor![0.]), tensor![1., 0., 3.]);
    /// ```
    #[track_caller]
    pub fn where_<C: Shape, R: Shape>(
        &self,
        condition: &Tensor<C, bool>,
        other: &Tensor<R, T>,
    ) -> Tensor<Broadcast<Broadcast<S, C>, R>, T>
    where
        S: BroadcastWith<C>,
        Broadcast<S, C>: BroadcastWith<R>,
    {
        match sizes(self, condition, other) {
            Ok(sizes) => Tensor::of(select(condition.value(), self.value(), other.value(), &sizes)),
            Err(error) => panic!("{error}"),
        }
    }

    /// `x` where the condition holds, a number elsewhere. PyTorch's `where(condition, x, number)`.
    ///
    /// Ranks align right, axes of size 1 stretch. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., -2., 3.];
    /// assert_eq!(x.where_scalar(&x.gt_scalar(0.), 9.), tensor![1., 9., 3.]);
    /// ```
    #[track_caller]
    pub fn where_scalar<C: Shape>(&self, condition: &Tensor<C, bool>, other: T) -> Tensor<Broadcast<S, C>, T>
    where
        S: BroadcastWith<C>,
    {
        let other = Tensor::<(), T>::of(Value::from_slice(self.device(), &[], &[other]));
        match sizes(self, condition, &other) {
            Ok(sizes) => Tensor::of(select(condition.value(), self.value(), other.value(), &sizes)),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// `x` where the condition holds, `other` elsewhere. PyTorch's `where(condition, x, other)`.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., -2., 3.].into_dynamic();
    /// let out = x.where_(&x.gt_scalar(0.), &tensor![9.].into_dynamic())?;
    /// assert_eq!(out.to_vec()?, [1., 9., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn where_(&self, condition: &Tensor<Dynamic, bool>, other: &Self) -> Result<Self> {
        let sizes = sizes(self, condition, other)?;
        Ok(Self::of(select(condition.value(), self.value(), other.value(), &sizes)))
    }

    /// `x` where the condition holds, a number elsewhere. PyTorch's `where(condition, x, number)`.
    ///
    /// # Errors
    /// Where the sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., -2., 3.].into_dynamic();
    /// assert_eq!(x.where_scalar(&x.gt_scalar(0.), 9.)?.to_vec()?, [1., 9., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn where_scalar(&self, condition: &Tensor<Dynamic, bool>, other: T) -> Result<Self> {
        let other = Self::of(Value::from_slice(self.device(), &[], &[other]));
        self.where_(condition, &other)
    }
}
