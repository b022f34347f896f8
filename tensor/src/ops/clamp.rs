//! Numbers held between bounds.

use smallvec::smallvec;
use tensor_ops::{Binary, Compare};

use crate::element::{Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::broadcast;
use crate::ops::binary::binary;
use crate::ops::elements::same_elements;
use crate::shape::{Broadcast, BroadcastWith, Dynamic, Ranked, Shape};
use crate::tape::{Rule, Saved, Value, no_grad, record};
use crate::tensors::Tensor;

/// `min(max(x, low), high)`; bounds broadcast. As in PyTorch the upper bound wins, the gradient goes where the number comes from, and
/// a tie shares it.
pub(crate) fn clamp(x: &Value, low: Option<&Value>, high: Option<&Value>) -> Result<Value> {
    let mut out = x.clone();
    for (op, bound) in [(Binary::Maximum, low), (Binary::Minimum, high)] {
        if let Some(bound) = bound {
            same_elements("clamp", x.dtype(), bound.dtype())?;
            let sizes = broadcast("clamp", out.sizes(), bound.sizes())?;
            out = binary(op, &out, bound, &sizes);
        }
    }
    Ok(out)
}

/// The same with numbers as bounds; at them the gradient is 0.
pub(crate) fn between(x: &Value, low: Option<f64>, high: Option<f64>) -> Value {
    held(
        "clamp",
        x,
        low.map(|low| x.constant(low)).as_ref(),
        high.map(|high| x.constant(high)).as_ref(),
    )
}

/// `x` between single numbers of its type; at them and outside the gradient is 0.
pub(crate) fn held(name: &'static str, x: &Value, low: Option<&Value>, high: Option<&Value>) -> Value {
    let held = no_grad(|| {
        let low = low.map_or(x.clone(), |low| binary(Binary::Maximum, x, low, x.sizes()));
        high.map_or(low.clone(), |high| binary(Binary::Minimum, &low, high, x.sizes()))
    });
    let saved: Saved = [Some(x.clone()), low.cloned(), high.cloned()]
        .into_iter()
        .flatten()
        .collect();
    let (has_low, has_high) = (low.is_some(), high.is_some());
    let rule = move || {
        Rule::own(move |step| {
            let (x, d) = (&step.saved[0], step.gradient);
            let zero = d.constant(0.0);
            let mut out = d.clone();
            if has_low {
                out = x.compare(Compare::Le, &step.saved[1])?.select(&zero, &out)?;
            }
            if has_high {
                let high = &step.saved[1 + usize::from(has_low)];
                out = x.compare(Compare::Ge, high)?.select(&zero, &out)?;
            }
            Ok(smallvec![Some(out)])
        })
    };
    record(name, held.detach(), [x], rule, |_| saved)
}

fn number<S: Shape, T: Element>(x: &Tensor<S, T>, number: T) -> Value {
    Value::from_slice(x.device(), &[], &[number])
}

impl<S: Shape, T: Numeric> Tensor<S, T> {
    /// `min(max(x, low), high)`; NaN stays. The gradient is 0 at the bounds and outside.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![-2., 0.5, 3.];
    /// assert_eq!(x.clamp(0., 1.), tensor![0., 0.5, 1.]);
    /// assert_eq!(x.clamp_min(0.), tensor![0., 0.5, 3.]);
    /// ```
    #[doc(alias = "clip")]
    pub fn clamp(&self, low: T, high: T) -> Self {
        let (low, high) = (number(self, low), number(self, high));
        Self::of(held("clamp", self.value(), Some(&low), Some(&high)))
    }

    /// `max(x, low)`; NaN stays. The gradient is 0 at the bound and below.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 0.5, 3.].clamp_min(0.), tensor![0., 0.5, 3.]);
    /// ```
    pub fn clamp_min(&self, low: T) -> Self {
        Self::of(held("clamp_min", self.value(), Some(&number(self, low)), None))
    }

    /// `min(x, high)`; NaN stays. The gradient is 0 at the bound and above.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-2., 0.5, 3.].clamp_max(1.), tensor![-2., 0.5, 1.]);
    /// ```
    pub fn clamp_max(&self, high: T) -> Self {
        Self::of(held("clamp_max", self.value(), None, Some(&number(self, high))))
    }
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// `min(max(x, low), high)` with bounds for each element, which broadcast; the upper one wins where it is the smaller. An element that
    /// equals a bound shares the gradient with it. PyTorch's `clamp` with tensors.
    ///
    /// # Errors
    /// Where there is no bound at all, or sizes do not broadcast.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, low) = (tensor![[-2., 0.5], [3., 3.]].into_dynamic(), tensor![0., 1.].into_dynamic());
    /// assert_eq!(x.clamp_tensor(Some(&low), None)?, tensor![[0., 1.], [3., 3.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn clamp_tensor(&self, low: Option<&Self>, high: Option<&Self>) -> Result<Self> {
        if low.is_none() && high.is_none() {
            return Err(Error::argument("low", "a bound, below or above", "none"));
        }
        clamp(self.value(), low.map(Self::value), high.map(Self::value)).map(Self::of)
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// `min(max(x, low), high)` with bounds for each element, which broadcast; the upper one wins where it is the smaller. An element that
    /// equals a bound shares the gradient with it. PyTorch's `clamp` with tensors; with one bound it is [`Tensor::maximum`] or [`Tensor::minimum`].
    ///
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[-2., 0.5], [3., 3.]];
    /// assert_eq!(x.clamp_tensor(&tensor![0., 1.], &tensor![[2.], [4.]]), tensor![[0., 1.], [3., 3.]]);
    /// ```
    #[track_caller]
    pub fn clamp_tensor<R: Ranked, Q: Shape>(
        &self,
        low: &Tensor<R, T>,
        high: &Tensor<Q, T>,
    ) -> Tensor<Broadcast<Broadcast<S, R>, Q>, T>
    where
        S: BroadcastWith<R>,
        Broadcast<S, R>: BroadcastWith<Q>,
    {
        self.maximum(low).minimum(high)
    }
}
