//! Operations that only look at the same elements in another way: reshape, transpose, broadcast.

use smallvec::smallvec;

use crate::device::{View, reading};
use crate::element::Element;
use crate::error::Error;
use crate::layout::{self, Axes, Layout, describe};
use crate::shape::{FlattenFrom, Ranked, Reshape, Shape, Transpose, resolve};
use crate::tape::{Gradients, Rule, Saved, Step, Value, record};
use crate::tensors::Tensor;

/// The same elements with other sizes; a copy where the strides do not allow a view.
pub(crate) fn reshape(x: &Value, sizes: &[usize]) -> Value {
    let out = match x.layout.reshaped(sizes) {
        Some(layout) => Value { layout, ..x.detach() },
        None => Value {
            layout: Layout::contiguous(sizes),
            ..x.copied().detach()
        },
    };
    record(
        "reshape",
        out,
        [x],
        || Rule::Plain(reshape_backward),
        |_| smallvec![x.sizes_only()],
    )
}

fn reshape_backward(step: Step<'_>) -> Gradients {
    smallvec![Some(reshape(step.gradient, step.saved[0].sizes()))]
}

/// The same elements row by row: itself, or a copy where they lie otherwise.
pub(crate) fn contiguous(x: &Value) -> Value {
    if x.layout.is_contiguous() || x.buffer.poison().is_some() {
        return x.clone();
    }
    let same = |step: Step<'_>| -> Gradients { smallvec![Some(step.gradient.clone())] };
    record(
        "contiguous",
        x.copied().detach(),
        [x],
        || Rule::Plain(same),
        |_| Saved::new(),
    )
}

/// Two axes exchanged; a view.
pub(crate) fn transpose(x: &Value, a: usize, b: usize) -> Value {
    let out = Value {
        layout: x.layout.transposed(a, b),
        ..x.detach()
    };
    record(
        "transpose",
        out,
        [x],
        || Rule::Axes(transpose_backward, a, b),
        |_| Saved::new(),
    )
}

fn transpose_backward(a: usize, b: usize, step: Step<'_>) -> Gradients {
    smallvec![Some(transpose(step.gradient, a, b))]
}

/// Axis `i` of the result is axis `order[i]`; a view.
pub(crate) fn permute(x: &Value, order: &[usize]) -> Value {
    let out = Value {
        layout: x.layout.permuted(order),
        ..x.detach()
    };
    let rule = || {
        let back = layout::inverse(order);
        Rule::own(move |step| Ok(smallvec![Some(permute(step.gradient, &back))]))
    };
    record("permute", out, [x], rule, |_| Saved::new())
}

/// Axes of size 1 and missing leading ones repeated; a view with strides of 0. `None` where the sizes do not fit.
pub(crate) fn broadcast(x: &Value, sizes: &[usize]) -> Option<Value> {
    let out = Value {
        layout: x.layout.broadcast_to(sizes)?,
        ..x.detach()
    };
    Some(record(
        "broadcast_to",
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
    let axes: Axes<usize> = (0..x.layout.rank())
        .filter(|&axis| axis < lead || (sizes[axis - lead] == 1 && x.sizes()[axis] != 1))
        .collect();
    x.sum(&axes, true).reshape(sizes)
}

/// Some elements of a tensor, seen in some order: a layout made from its layout. What shows an element twice gives it the sum of both
/// gradients.
#[derive(Clone, Debug)]
pub(crate) enum Look {
    /// Every `step`-th index of an axis from `start` on, `len` of them. The step may be negative.
    Slice {
        axis: usize,
        start: usize,
        len: usize,
        step: isize,
    },
    /// The elements of two axes whose indices differ by `offset`, as a last axis.
    Diagonal { a: usize, b: usize, offset: isize },
    /// All windows of `size` elements along an axis, `step` apart; the elements of a window are a new last axis, `dilation` apart.
    Windows {
        axis: usize,
        size: usize,
        step: usize,
        dilation: usize,
    },
    /// Any sizes and strides, from an offset on, over the elements in row-major order.
    Strided {
        sizes: Axes<usize>,
        strides: Axes<isize>,
        offset: usize,
    },
}

impl Look {
    fn name(&self) -> &'static str {
        match self {
            Self::Slice { .. } => "slice",
            Self::Diagonal { .. } => "diagonal",
            Self::Windows { .. } => "unfold",
            Self::Strided { .. } => "as_strided",
        }
    }

    /// The layout, and how far after the first element of the whole the first of the view lies. The callers have checked that all
    /// of it is inside.
    fn over(&self, layout: &Layout) -> (Layout, isize) {
        let (mut sizes, mut strides): (Axes<usize>, Axes<isize>) = (layout.sizes().into(), layout.strides().into());
        let offset = match *self {
            Self::Slice { axis, start, len, step } => {
                let offset = if len == 0 { 0 } else { start as isize * strides[axis] };
                sizes[axis] = len;
                strides[axis] *= step;
                offset
            }
            Self::Diagonal { a, b, offset } => {
                let (rows, columns) = (sizes[a] as isize, sizes[b] as isize);
                let len = if offset >= 0 {
                    rows.min(columns.saturating_sub(offset))
                } else {
                    rows.saturating_add(offset).min(columns)
                }
                .max(0);
                let start = match len {
                    0 => 0,
                    _ if offset >= 0 => offset * strides[b],
                    _ => -offset * strides[a],
                };
                let step = strides[a].saturating_add(strides[b]);
                for axis in [a.max(b), a.min(b)] {
                    sizes.remove(axis);
                    strides.remove(axis);
                }
                sizes.push(len as usize);
                strides.push(step);
                start
            }
            Self::Windows {
                axis,
                size,
                step,
                dilation,
            } => {
                let reach = if size == 0 { 0 } else { dilation * (size - 1) + 1 };
                let inner = strides[axis] * dilation as isize;
                sizes[axis] = (sizes[axis] - reach) / step + 1;
                strides[axis] *= step as isize;
                sizes.push(size);
                strides.push(inner);
                0
            }
            Self::Strided {
                ref sizes,
                ref strides,
                offset,
            } => {
                return (Layout::strided(sizes, strides), offset as isize);
            }
        };
        (Layout::strided(&sizes, &strides), offset)
    }
}

/// A view of some elements.
pub(crate) fn look(x: &Value, look: Look) -> Value {
    let whole = match look {
        // Its strides count in row-major order.
        Look::Strided { .. } => x.contiguous().as_input(x),
        _ => x.clone(),
    };
    let (layout, offset) = look.over(&whole.layout);
    // A view of nothing begins where there is something, or nothing at all.
    let offset = if layout.len() == 0 { 0 } else { offset };
    let out = Value {
        layout,
        offset: whole.offset.wrapping_add_signed(offset),
        ..whole.detach()
    };
    let name = look.name();
    let sizes: Axes<usize> = x.sizes().into();
    record(
        name,
        out,
        [x],
        || Rule::own(move |step| Ok(smallvec![Some(unlook(step.gradient, look.clone(), &sizes))])),
        |_| Saved::new(),
    )
}

/// Zeros of `sizes`, to whose elements those of `x` are added where `look` shows them: the gradient of [`look`].
pub(crate) fn unlook(x: &Value, to: Look, sizes: &[usize]) -> Value {
    let zeros = Value::filled(x.device(), x.dtype(), 0.0, sizes);
    let out = match Value::output(to.name(), &[x, &zeros], x.dtype(), sizes) {
        Ok(_) => zeros,
        Err(poisoned) => return poisoned,
    };
    {
        let (layout, offset) = to.over(&out.layout);
        let offset = if layout.len() == 0 { 0 } else { offset };
        let place = View {
            buffer: &out.buffer,
            offset: out.offset.wrapping_add_signed(offset),
            layout: &layout,
        };
        let _reading = reading([&x.buffer]);
        // Where no element is shown twice they are moved.
        match to {
            Look::Slice { .. } | Look::Diagonal { .. } => out.device().backend().copy(x.view(), place),
            Look::Windows { .. } | Look::Strided { .. } => out.device().backend().accumulate(x.view(), place),
        }
    }
    record(
        "accumulate",
        out,
        [x],
        || Rule::own(move |step| Ok(smallvec![Some(look(step.gradient, to.clone()))])),
        |_| Saved::new(),
    )
}

/// `x` along an axis from `start` on, zeros elsewhere, `size` in all: the other direction of a slice.
pub(crate) fn placed(x: &Value, axis: usize, start: usize, size: usize) -> Value {
    let mut sizes: Axes<usize> = x.sizes().into();
    let len = std::mem::replace(&mut sizes[axis], size);
    let step = 1;
    unlook(x, Look::Slice { axis, start, len, step }, &sizes)
}

/// Every `step`-th index of an axis from `start` on, `len` of them; a view.
pub(crate) fn slice(x: &Value, axis: usize, start: usize, len: usize, step: usize) -> Value {
    let step = step as isize;
    look(x, Look::Slice { axis, start, len, step })
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The same elements, row by row, in the shape `To`: `x.reshape::<dims![Batch, 784]>()`.
    ///
    /// The products of the sizes are compared at compile time. Panics where a named size of `To` is neither in `S` nor
    /// worked out from the number of elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_eq!(x.reshape::<dims![3, 2]>(), tensor![[1., 2.], [3., 4.], [5., 6.]]);
    /// ```
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[1., 2.], [3., 4.]]].flatten::<1>(), tensor![[1., 2., 3., 4.]]);
    /// ```
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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_eq!(x.transpose::<dims![3, 2]>(), tensor![[1., 4.], [2., 5.], [3., 6.]]);
    /// ```
    pub fn transpose<To: Shape>(&self) -> Tensor<To, T>
    where
        S: Transpose<Output = To>,
    {
        let rank = self.value().layout.rank();
        Tensor::of(transpose(self.value(), rank - 2, rank - 1))
    }

    /// The same as [`Tensor::transpose`], as it is written in formulas.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_eq!(x.t::<dims![3, 2]>(), tensor![[1., 4.], [2., 5.], [3., 6.]]);
    /// ```
    pub fn t<To: Shape>(&self) -> Tensor<To, T>
    where
        S: Transpose<Output = To>,
    {
        self.transpose()
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The same elements with no gaps between them: itself where that is so already, else a copy.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]].t::<dims![3, 2]>();
    /// assert_eq!((x.strides(), x.contiguous().strides()), (&[1, 3][..], &[2, 1][..]));
    /// ```
    pub fn contiguous(&self) -> Self {
        Self::of(contiguous(self.value()))
    }
}
