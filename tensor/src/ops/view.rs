//! Operations that only look at the same elements in another way: reshape, transpose, broadcast.

use smallvec::smallvec;
use tensor_ops::Reduce;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, Layout, describe};
use crate::ops::reduce;
use crate::shape::{Dynamic, FlattenFrom, Ranked, Reshape, Shape, Transpose, resolve};
use crate::tape::{Gradients, Rule, Saved, Step, Value, record};
use crate::tensors::Tensor;

/// The same elements with other sizes; a copy where the strides do not allow a view.
pub(crate) fn reshape(x: &Value, sizes: &[usize]) -> Value {
    let flat = x.contiguous();
    let out = Value {
        layout: Layout::contiguous(sizes),
        ..flat.detach()
    };
    record(
        out,
        [x],
        || Rule::Plain(reshape_backward),
        |_| smallvec![x.sizes_only()],
    )
}

fn reshape_backward(step: Step<'_>) -> Gradients {
    smallvec![Some(reshape(step.gradient, step.saved[0].sizes()))]
}

/// Two axes exchanged; a view.
pub(crate) fn transpose(x: &Value, a: usize, b: usize) -> Value {
    let out = Value {
        layout: x.layout.transposed(a, b),
        ..x.detach()
    };
    record(out, [x], || Rule::Axes(transpose_backward, a, b), |_| Saved::new())
}

fn transpose_backward(a: usize, b: usize, step: Step<'_>) -> Gradients {
    smallvec![Some(transpose(step.gradient, a, b))]
}

/// Axes of size 1 and missing leading ones repeated; a view with strides of 0. `None` where the sizes do not fit.
pub(crate) fn broadcast(x: &Value, sizes: &[usize]) -> Option<Value> {
    let out = Value {
        layout: x.layout.broadcast_to(sizes)?,
        ..x.detach()
    };
    Some(record(
        out,
        [x],
        || Rule::Plain(broadcast_backward),
        |_| smallvec![x.sizes_only()],
    ))
}

fn broadcast_backward(step: Step<'_>) -> Gradients {
    smallvec![Some(sum_to(step.gradient, step.saved[0].sizes()))]
}

/// The other direction of broadcasting: sums over what was repeated.
pub(crate) fn sum_to(x: &Value, sizes: &[usize]) -> Value {
    if x.sizes() == sizes {
        return x.clone();
    }
    let lead = x.layout.rank() - sizes.len();
    let axes: Axes<bool> = (0..x.layout.rank())
        .map(|axis| axis < lead || (sizes[axis - lead] == 1 && x.sizes()[axis] != 1))
        .collect();
    reshape(&reduce::reduce(Reduce::Sum, x, &axes, true), sizes)
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The same elements, row by row, in the shape `To`: `x.reshape::<dims![Batch, 784]>()`.
    ///
    /// The products of the sizes are compared at compile time. Panics where a named size of `To` is neither in `S` nor
    /// worked out from the number of elements.
    #[track_caller]
    pub fn reshape<To: Shape>(&self) -> Tensor<<S as Reshape<To>>::Output, T>
    where
        S: Reshape<To>,
    {
        match resolve(S::AXES, self.sizes(), To::AXES) {
            Some(sizes) => Tensor::of(reshape(self.value(), &sizes)),
            None => panic!(
                "{}",
                Error::shape(
                    "reshape",
                    To::describe(),
                    format!("{}, which does not determine it", describe(self.sizes()))
                )
            ),
        }
    }

    /// All axes from `AXIS` on as one: `x.flatten::<1>()` turns `[batch, 28, 28]` into `[batch, 784]`.
    pub fn flatten<const AXIS: isize>(&self) -> Tensor<<S as FlattenFrom<AXIS>>::Output, T>
    where
        S: FlattenFrom<AXIS>,
    {
        let sizes = self.value().sizes();
        let axis = if AXIS < 0 {
            sizes.len() - AXIS.unsigned_abs()
        } else {
            AXIS.unsigned_abs()
        };
        let mut flat: Axes<usize> = sizes[..axis].into();
        flat.push(layout::len(&sizes[axis..]));
        Tensor::of(reshape(self.value(), &flat))
    }

    /// The last two axes exchanged; nothing moves.
    pub fn transpose<To: Shape>(&self) -> Tensor<To, T>
    where
        S: Transpose<Output = To>,
    {
        let rank = self.value().layout.rank();
        Tensor::of(transpose(self.value(), rank - 2, rank - 1))
    }

    /// The same as [`Tensor::transpose`], as it is written in formulas.
    pub fn t<To: Shape>(&self) -> Tensor<To, T>
    where
        S: Transpose<Output = To>,
    {
        self.transpose()
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The same elements, row by row, with other sizes.
    ///
    /// # Errors
    /// Where the products of the sizes differ.
    pub fn reshape(&self, sizes: &[usize]) -> Result<Self> {
        if layout::len(sizes) != self.len() {
            return Err(Error::shape(
                "reshape",
                format!("sizes of {} elements, as {} has", self.len(), describe(self.sizes())),
                describe(sizes),
            ));
        }
        Ok(Self::of(reshape(self.value(), sizes)))
    }

    /// Two axes exchanged; nothing moves. Negative axes count from the end.
    ///
    /// # Errors
    /// Where there is no such axis.
    pub fn transpose(&self, a: isize, b: isize) -> Result<Self> {
        let rank = self.sizes().len();
        let (a, b) = (layout::axis("transpose", a, rank)?, layout::axis("transpose", b, rank)?);
        Ok(Self::of(transpose(self.value(), a, b)))
    }

    /// The same elements repeated along axes of size 1 and along missing leading ones.
    ///
    /// # Errors
    /// Where another axis differs.
    pub fn broadcast_to(&self, sizes: &[usize]) -> Result<Self> {
        broadcast(self.value(), sizes).map(Self::of).ok_or_else(|| {
            Error::shape(
                "broadcast_to",
                format!("sizes that {} stretches to", describe(self.sizes())),
                describe(sizes),
            )
        })
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The same elements with no gaps between them: itself where that is so already, else a copy.
    pub fn contiguous(&self) -> Self {
        let value = self.value();
        if value.layout.is_contiguous() {
            return self.clone();
        }
        Self::of(reshape(value, value.sizes()))
    }
}
