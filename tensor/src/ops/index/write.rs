//! Writing to what an index names. Tensors are values: whoever holds a clone keeps what it was.

use smallvec::smallvec;

use crate::device::reading;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::{Layout, describe};
use crate::ops::elements::same_elements;
use crate::ops::index::fill::Fill;
use crate::ops::index::plan::{Places, Plan};
use crate::ops::index::read::read;
use crate::ops::index::term::Index;
use crate::shape::Shape;
use crate::tape::{Rule, Track, Value, no_grad, record, recording};
use crate::tensors::Tensor;

/// What becomes of the elements that an index names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// The new ones take their place.
    Set,
    /// The new ones are added; where a place is named twice, both.
    Add,
}

/// `x` with `values`, broadcast, at what an index names.
pub(crate) fn put(x: &Value, index: &[Index], values: &Value, how: Write) -> Result<Value> {
    written("index_put", x, Plan::of("index_put", x, index)?, values, how)
}

/// The same where a plan has been made.
fn written(operation: &'static str, x: &Value, plan: Plan, values: &Value, how: Write) -> Result<Value> {
    let values = &fitting(operation, x, &plan, values)?;
    let out = match Value::output(operation, &[x, values], x.dtype(), x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    {
        let _reading = reading([&x.buffer]);
        out.device().backend().copy(x.view(), out.view());
    }
    write(&out, &plan, values, how)?;
    let sizes = values.sizes_only();
    let rule = || {
        Rule::own(move |step| {
            let (d, values) = (step.gradient, &step.saved[0]);
            let d_x = match how {
                Write::Set => written("index_put", d, plan.clone(), &d.constant(0.0), how)?,
                Write::Add => d.clone(),
            };
            let d_values = read(d, &plan)?.sum_to(values.sizes());
            Ok(smallvec![Some(d_x), Some(d_values)])
        })
    };
    Ok(record(operation, out, [x, values], rule, |_| smallvec![sizes]))
}

/// The values without leading axes of size 1 that the region has not; that they stretch to it is checked.
fn fitting(operation: &'static str, x: &Value, plan: &Plan, values: &Value) -> Result<Value> {
    same_elements(operation, x.dtype(), values.dtype())?;
    x.same_device(operation, values)?;
    let sizes = plan.sizes(&plan.view(&x.detach()));
    let more = values.layout.rank().saturating_sub(sizes.len());
    let without = values.sizes()[..more].iter().all(|&size| size == 1);
    let fits = without
        && Layout::contiguous(&values.sizes()[more..])
            .broadcast_to(&sizes)
            .is_some();
    if !fits {
        return Err(Error::shape(
            operation,
            format!("values that stretch to {}", describe(&sizes)),
            describe(values.sizes()),
        ));
    }
    Ok(match more {
        0 => values.clone(),
        _ => values.reshape(&values.sizes()[more..]),
    })
}

/// Writes into the memory of `out`, which nobody else holds.
fn write(out: &Value, plan: &Plan, values: &Value, how: Write) -> Result<()> {
    no_grad(|| {
        let region = plan.view(&out.detach());
        debug_assert!(region.len() == 0 || region.buffer.shares_memory(&out.buffer));
        let sizes = plan.sizes(&region);
        let stretched = values.detach().expand("index_put", &sizes)?;
        if stretched.len() == 0 {
            return Ok(());
        }
        let backend = out.device().backend();
        match (&plan.places, how) {
            (None, how) => {
                let _reading = reading([&stretched.buffer]);
                match how {
                    Write::Set => backend.copy(stretched.view(), region.view()),
                    Write::Add => backend.accumulate(stretched.view(), region.view()),
                }
            }
            (Some(places), how) => {
                let how = match how {
                    Write::Set => Scatter::Set,
                    Write::Add => Scatter::Add,
                };
                let flat = spots(&region, places);
                let index = Value::from_slice(out.device(), &[flat.len()], &flat);
                let source = stretched.reshape(&[flat.len()]);
                let _reading = reading([&source.buffer]);
                let whole = Value::over(out.buffer.clone(), &[out.buffer.len()]);
                backend.scatter(how, 0, index.view(), source.view(), whole.view())?;
            }
        }
        Ok(())
    })
}

/// Where in the buffer each element is that places along some axes of a view name, in the order in which they are read.
fn spots(view: &Value, places: &Places) -> Vec<i64> {
    let strides = view.layout.strides();
    let mut named = vec![0; places.along[0].len()];
    for (&axis, list) in places.axes.iter().zip(&places.along) {
        for (spot, place) in named.iter_mut().zip(list) {
            *spot += place * strides[axis] as i64;
        }
    }
    let at = if places.are_neighbours() { places.axes[0] } else { 0 };
    let mut spots = vec![view.offset as i64];
    let mut spread = |steps: &[i64]| {
        spots = spots
            .iter()
            .flat_map(|&spot| steps.iter().map(move |step| spot + step))
            .collect();
    };
    let mut others = (0..view.layout.rank()).filter(|axis| !places.axes.contains(axis));
    let steps = |axis: usize| -> Vec<i64> {
        let stride = strides[axis] as i64;
        (0..view.sizes()[axis] as i64).map(|index| index * stride).collect()
    };
    for axis in others.by_ref().take(at) {
        spread(&steps(axis));
    }
    spread(&named);
    for axis in others {
        spread(&steps(axis));
    }
    spots
}

/// Writes in place where nobody can see it; else `x` becomes another value.
fn assign(operation: &'static str, x: &mut Value, index: &[Index], values: &Value, how: Write) -> Result<()> {
    x.buffer.check()?;
    values.buffer.check()?;
    let plan = Plan::of(operation, x, index)?;
    if x.is_free(values) {
        let values = fitting(operation, x, &plan, values)?;
        return write(x, &plan, &values, how);
    }
    let mut out = written(operation, x, plan, values, how)?;
    // A leaf that is written without recording stays one.
    if let (Track::Leaf(_), false) = (&x.track, recording()) {
        out.track = x.track.clone();
    }
    *x = out;
    Ok(())
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// Puts values at what an index names: PyTorch's `x[..] = values`. What may stand in the index is listed at [`Index`];
    /// the values stretch to what it names.
    ///
    /// Tensors are values: a clone of this one, and whatever was computed from it, stays as it was. Where nobody else holds the elements they are
    /// written in place, else they are copied first. On a tracked tensor, and with tracked values, it is recorded as any operation:
    /// the gradient of what was overwritten is 0, that of the values is read where they were put. Inside [`no_grad`](crate::no_grad) a tensor
    /// that asked for a gradient goes on to do so. Where an index tensor names a place twice one of the values is there.
    ///
    /// # Errors
    /// Where the index is refused, as by [`Tensor::get`], or the values do not stretch to what it names; nothing is written then.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// x.set(i![.., 1], &tensor![0., -1.])?;
    /// x.fill_at(i![0, 2..], 9.)?;
    /// x.add_at(i![[1, 1], 0], &tensor![10., 100.])?;
    /// assert_eq!(x, tensor![[1., 0., 9.], [114., -1., 6.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn set<Q: Shape>(&mut self, index: impl AsRef<[Index]>, values: &Tensor<Q, T>) -> Result<()> {
        assign("set", self.value_mut(), index.as_ref(), values.value(), Write::Set)
    }

    /// Puts one number, or a tensor without axes, at what an index names: PyTorch's `x[..] = 0`. As [`Tensor::set`].
    ///
    /// # Errors
    /// Where the index is refused.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// x.fill_at(i![0, 1..], 9.)?;
    /// assert_eq!(x, tensor![[1., 9., 9.], [4., 5., 6.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn fill_at(&mut self, index: impl AsRef<[Index]>, value: impl Fill<T>) -> Result<()> {
        let value = value.tensor(self.device());
        assign("fill_at", self.value_mut(), index.as_ref(), value.value(), Write::Set)
    }

    /// Adds values to what an index names, every time that it is named: PyTorch's `x.index_put_(.., values, accumulate=True)`.
    /// As [`Tensor::set`]; of truth values the sum is whether one holds.
    ///
    /// # Errors
    /// Where the index is refused, or the values do not stretch to what it names.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = tensor![1., 2., 3.];
    /// x.add_at(i![[0, 0]], &tensor![10., 100.])?;
    /// assert_eq!(x, tensor![111., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn add_at<Q: Shape>(&mut self, index: impl AsRef<[Index]>, values: &Tensor<Q, T>) -> Result<()> {
        assign("add_at", self.value_mut(), index.as_ref(), values.value(), Write::Add)
    }

    /// This tensor with values put at, or added to, what an index names; this one stays as it is. As [`Tensor::set`] and [`Tensor::add_at`].
    ///
    /// # Errors
    /// Where the index is refused, or the values do not stretch to what it names.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3.];
    /// assert_eq!(x.index_put(i![[0, 0]], &tensor![10., 20.], true)?, tensor![31., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn index_put<Q: Shape>(
        &self,
        index: impl AsRef<[Index]>,
        values: &Tensor<Q, T>,
        accumulate: bool,
    ) -> Result<Self> {
        let how = if accumulate { Write::Add } else { Write::Set };
        put(self.value(), index.as_ref(), values.value(), how).map(Self::of)
    }
}
