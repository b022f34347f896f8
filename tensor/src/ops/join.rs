//! Several tensors as one: `cat`, `stack` and what is made of them.

use crate::device::{View, reading};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, Layout, describe};
use crate::ops::elements::same_elements;
use crate::ops::sizes::at_least;
use crate::shape::Dynamic;
use crate::tape::{Rule, Saved, Value, record_all};
use crate::tensors::Tensor;

/// One behind the other along an axis. Tensors of sizes `[0]` are skipped, whatever the others are.
pub(crate) fn cat(operation: &'static str, xs: &[&Value], axis: isize) -> Result<Value> {
    let Some(&first) = xs.first() else {
        return Err(Error::shape(operation, "one tensor or more", "none"));
    };
    let skipped = |x: &&Value| x.sizes() == [0];
    let model = xs.iter().copied().find(|x| !skipped(x)).unwrap_or(first);
    let axis = layout::axis(operation, axis, model.layout.rank())?;
    let mut sizes: Axes<usize> = model.sizes().into();
    sizes[axis] = 0;
    for x in xs {
        same_elements(operation, first.dtype(), x.dtype())?;
    }
    for x in xs.iter().filter(|x| !skipped(x)) {
        let fits = x.layout.rank() == sizes.len()
            && (0..sizes.len()).all(|other| other == axis || x.sizes()[other] == sizes[other]);
        if !fits {
            return Err(Error::shape(
                operation,
                format!("sizes as of {}, save along axis {axis}", describe(model.sizes())),
                describe(x.sizes()),
            ));
        }
        sizes[axis] = sizes[axis].saturating_add(x.sizes()[axis]);
    }
    let out = match Value::output(operation, xs, first.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    let mut start = 0;
    let mut lengths = Vec::with_capacity(xs.len());
    for x in xs {
        if skipped(x) {
            lengths.push(None);
            continue;
        }
        let layout = Layout::strided(x.sizes(), out.layout.strides());
        if x.len() > 0 {
            let place = View {
                buffer: &out.buffer,
                offset: out.offset + start * out.layout.strides()[axis] as usize,
                layout: &layout,
            };
            let _reading = reading([&x.buffer]);
            out.device().backend().copy(x.view(), place);
        }
        start += x.sizes()[axis];
        lengths.push(Some(x.sizes()[axis]));
    }
    let rule = || {
        Rule::own(move |step| {
            let mut start = 0;
            let part = |(index, &length): (usize, &Option<usize>)| {
                let from = start;
                start += length.unwrap_or(0);
                step.wants(index).then(|| match length {
                    Some(length) => step.gradient.slice(axis, from, length, 1),
                    None => Value::filled(step.gradient.device(), step.gradient.dtype(), 0.0, &[0]),
                })
            };
            Ok(lengths.iter().enumerate().map(part).collect())
        })
    };
    Ok(record_all(operation, out, xs, rule, |_| Saved::new()))
}

/// One behind the other along a new axis.
pub(crate) fn stack(xs: &[&Value], axis: isize) -> Result<Value> {
    let Some(first) = xs.first() else {
        return Err(Error::shape("stack", "one tensor or more", "none"));
    };
    if let Some(other) = xs.iter().find(|x| x.sizes() != first.sizes()) {
        return Err(Error::shape("stack", describe(first.sizes()), describe(other.sizes())));
    }
    let axis = layout::axis("stack", axis, first.layout.rank() + 1)?;
    let parts: Vec<Value> = xs.iter().map(|x| x.unsqueeze(axis)).collect();
    cat("stack", &parts.iter().collect::<Vec<_>>(), axis as isize)
}

/// One behind the other along an axis, each with at least `rank` axes.
fn stacked(operation: &'static str, xs: &[&Value], rank: usize, axis: isize) -> Result<Value> {
    let parts: Vec<Value> = xs.iter().map(|x| at_least(x, rank)).collect();
    let axis = match parts.first() {
        Some(first) if operation == "hstack" && first.layout.rank() == 1 => 0,
        _ => axis,
    };
    // Here nothing is skipped: the axes must be as many.
    if let Some(other) = parts.iter().find(|x| x.layout.rank() != parts[0].layout.rank()) {
        return Err(Error::shape(
            operation,
            format!("as many axes as {} has", describe(parts[0].sizes())),
            describe(other.sizes()),
        ));
    }
    cat(operation, &parts.iter().collect::<Vec<_>>(), axis)
}

/// Side by side: along the second axis, or the first of vectors.
pub(crate) fn hstack(xs: &[&Value]) -> Result<Value> {
    stacked("hstack", xs, 1, 1)
}

/// One below the other: along the first axis, vectors as rows.
pub(crate) fn vstack(xs: &[&Value]) -> Result<Value> {
    stacked("vstack", xs, 2, 0)
}

/// One behind the other: along the third axis.
pub(crate) fn dstack(xs: &[&Value]) -> Result<Value> {
    stacked("dstack", xs, 3, 2)
}

/// Side by side, vectors as columns.
pub(crate) fn column_stack(xs: &[&Value]) -> Result<Value> {
    let parts: Vec<Value> = xs
        .iter()
        .map(|x| match x.layout.rank() {
            0 | 1 => x.reshape(&[x.len(), 1]),
            _ => (*x).clone(),
        })
        .collect();
    stacked("column_stack", &parts.iter().collect::<Vec<_>>(), 2, 1)
}

/// Matrices along the diagonal of one that is 0 elsewhere; vectors are rows.
pub(crate) fn block_diag(xs: &[&Value]) -> Result<Value> {
    let parts: Vec<Value> = xs.iter().map(|x| at_least(x, 2)).collect();
    if let Some(other) = parts.iter().find(|part| part.layout.rank() > 2) {
        return Err(Error::shape("block_diag", "two axes at most", describe(other.sizes())));
    }
    let columns: usize = parts.iter().map(|part| part.sizes()[1]).sum();
    let mut left = 0;
    let mut rows = Vec::with_capacity(parts.len());
    for part in &parts {
        let (height, width) = (part.sizes()[0], part.sizes()[1]);
        let zeros = |width| Value::filled(part.device(), part.dtype(), 0.0, &[height, width]);
        let row = [&zeros(left), part, &zeros(columns - left - width)];
        rows.push(cat("block_diag", &row, 1)?);
        left += width;
    }
    cat("block_diag", &rows.iter().collect::<Vec<_>>(), 0)
}

macro_rules! joined {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(tensors: &[&Self]) -> Result<Self> {
                $name(&values(tensors)).map(Self::of)
            }
        )*
    };
}

pub(crate) fn values<'a, T: Element>(tensors: &[&'a Tensor<Dynamic, T>]) -> Vec<&'a Value> {
    tensors.iter().map(|tensor| tensor.value()).collect()
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Tensors one behind the other along an axis: `[a, c]` and `[b, c]` to `[a + b, c]` along axis 0. Those of sizes `[0]` are
    /// skipped, as PyTorch does it.
    ///
    /// # Errors
    /// Where there is none, there is no such axis, or another axis differs.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![[1., 2.]].into_dynamic(), tensor![[3., 4.]].into_dynamic());
    /// assert_eq!(Tensor::cat(&[&x, &y], 0)?, tensor![[1., 2.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cat(tensors: &[&Self], axis: isize) -> Result<Self> {
        cat("cat", &values(tensors), axis).map(Self::of)
    }

    /// Tensors of the same sizes along a new axis: `n` of `[a, b]` to `[n, a, b]` along axis 0.
    ///
    /// # Errors
    /// Where there is none, there is no such place for an axis, or the sizes differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![1., 2.].into_dynamic(), tensor![3., 4.].into_dynamic());
    /// assert_eq!(Tensor::stack(&[&x, &y], -1)?, tensor![[1., 3.], [2., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn stack(tensors: &[&Self], axis: isize) -> Result<Self> {
        stack(&values(tensors), axis).map(Self::of)
    }

    joined! {
        /// Tensors side by side: along axis 1, vectors and numbers along axis 0.
        ///
        /// # Errors
        /// Where there is none, or sizes do not fit.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (x, y) = (tensor![[1.], [2.]].into_dynamic(), tensor![[3.], [4.]].into_dynamic());
        /// assert_eq!(Tensor::hstack(&[&x, &y])?, tensor![[1., 3.], [2., 4.]].into_dynamic());
        /// # Ok::<(), tensor::Error>(())
        /// ```
        hstack;

        /// Tensors one below the other: along axis 0, with vectors and numbers as rows.
        ///
        /// # Errors
        /// Where there is none, or sizes do not fit.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (x, y) = (tensor![1., 2.].into_dynamic(), tensor![3., 4.].into_dynamic());
        /// assert_eq!(Tensor::vstack(&[&x, &y])?, tensor![[1., 2.], [3., 4.]].into_dynamic());
        /// # Ok::<(), tensor::Error>(())
        /// ```
        vstack;

        /// Tensors along axis 2, with [`atleast_3d`](Self::atleast_3d) of each.
        ///
        /// # Errors
        /// Where there is none, or sizes do not fit.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (x, y) = (tensor![1., 2.].into_dynamic(), tensor![3., 4.].into_dynamic());
        /// assert_eq!(Tensor::dstack(&[&x, &y])?, tensor![[[1., 3.], [2., 4.]]].into_dynamic());
        /// # Ok::<(), tensor::Error>(())
        /// ```
        dstack;

        /// Tensors side by side along axis 1, with vectors and numbers as columns.
        ///
        /// # Errors
        /// Where there is none, or sizes do not fit.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (x, y) = (tensor![1., 2.].into_dynamic(), tensor![3., 4.].into_dynamic());
        /// assert_eq!(Tensor::column_stack(&[&x, &y])?, tensor![[1., 3.], [2., 4.]].into_dynamic());
        /// # Ok::<(), tensor::Error>(())
        /// ```
        column_stack;

        /// Matrices along the diagonal of a matrix that is 0 elsewhere; vectors and numbers are rows.
        ///
        /// # Errors
        /// Where there is none, or one has more than two axes.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (x, y) = (tensor![[1., 2.]].into_dynamic(), tensor![[3.], [4.]].into_dynamic());
        /// let blocks = tensor![[1., 2., 0.], [0., 0., 3.], [0., 0., 4.]];
        /// assert_eq!(Tensor::block_diag(&[&x, &y])?, blocks.into_dynamic());
        /// # Ok::<(), tensor::Error>(())
        /// ```
        block_diag;
    }
}
