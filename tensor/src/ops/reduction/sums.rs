//! Sums, products, means and counts along several axes at once.

use smallvec::smallvec;
use tensor_ops::{Compare, Reduce};

use crate::element::{DType, Differentiable, Element, Kind};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::axes::{count, listed, marked};
use crate::ops::cast::{in_single, to_float};
use crate::ops::reduce::{along, reduce};
use crate::ops::view::{Look, look};
use crate::shape::{Dynamic, Shape};
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// 1 where there is a number, as truth values.
fn numbers(x: &Value) -> Result<Value> {
    x.compare(Compare::Eq, x)
}

fn nansum(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    if x.dtype().kind() != Kind::Float {
        return along(Reduce::Sum, "nansum", x, axes, keep);
    }
    along(Reduce::Sum, "nansum", &x.or_where_not(&numbers(x)?, 0.0)?, axes, keep)
}

fn nanmean(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    in_single(x, |x| {
        let mask = numbers(x)?;
        let count = along(Reduce::Sum, "nanmean", &mask, axes, keep)?;
        nansum(x, axes, keep)?.div(&count.cast(x.dtype()))
    })
}

/// The largest is taken out of the exponentials, unless it is infinite. The gradient is `exp(x - out)`, as in PyTorch, and 0 where all
/// are minus infinity.
fn logsumexp(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    in_single(&to_float(x), |x| {
        let marked = marked("logsumexp", axes, x.layout.rank())?;
        let constant = x.detach();
        let largest = match count(x.sizes(), &marked) {
            0 => x.constant(0.0),
            _ => reduce(Reduce::Max, &constant, &marked, true),
        };
        let finite = largest.abs().compare_to(Compare::Lt, f64::INFINITY);
        let largest = largest.or_where_not(&finite, 0.0)?;
        let sum = reduce(Reduce::Sum, &constant.sub(&largest)?.exp(), &marked, true);
        let out = sum.log().add(&largest)?;
        let rule = || {
            Rule::own(|step| {
                let (x, out) = (&step.saved[0], &step.saved[1]);
                let nothing = out.compare_to(Compare::Eq, f64::NEG_INFINITY);
                let less = x.sub(&nothing.select(&out.constant(0.0), out)?)?;
                Ok(smallvec![Some(less.exp().mul(step.gradient)?)])
            })
        };
        let out = record("logsumexp", out, [x], rule, |out| smallvec![x.clone(), out.as_own()]);
        Ok(if keep { out } else { squeezed(out, &marked) })
    })
}

/// Without the marked axes, which have size 1.
fn squeezed(x: Value, marked: &[bool]) -> Value {
    listed(marked).into_iter().rev().fold(x, |x, axis| x.squeeze(axis))
}

/// How many elements are not 0.
fn count_nonzero(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    let mask = match x.dtype() {
        DType::Bool => x.detach(),
        _ => x.detach().compare_to(Compare::Ne, 0.0),
    };
    along(Reduce::Sum, "count_nonzero", &mask, axes, keep)
}

fn any(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    Ok(count_nonzero(x, axes, keep)?.cast(DType::Bool))
}

fn all(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    let zeros = x.detach().compare_to(Compare::Eq, 0.0);
    Ok(along(Reduce::Sum, "all", &zeros, axes, keep)?.compare_to(Compare::Eq, 0.0))
}

fn trace(x: &Value) -> Result<Value> {
    if x.layout.rank() != 2 {
        return Err(Error::shape("trace", "a matrix", describe(x.sizes())));
    }
    Ok(look(x, Look::Diagonal { a: 0, b: 1, offset: 0 }).total())
}

/// Of all elements: what can only go wrong by the device, which the result carries.
fn whole<S: Shape, T: Element>(x: &Value, out: Result<Value>) -> Tensor<S, T> {
    Tensor::of(out.unwrap_or_else(|error| Value::poisoned(x.device(), T::DTYPE, &[], error)))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The sum along several axes, all where none is named; they stay with size 1 where `keep`. Of whole numbers and truth values it has
    /// 64 bits, of nothing it is 0. PyTorch's `sum(dim, keepdim)`.
    ///
    /// # Errors
    /// Where there is no such axis, one is named twice, or the tensor has more than 64.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x: Tensor<Dynamic> = Tensor::full_of(2.0, &[3, 4, 5])?;
    /// assert_eq!(x.sum_axes(&[0, -1], false)?.to_vec()?, [30.; 4]);
    /// assert_eq!(x.sum_axes(&[0, -1], true)?.sizes(), [1, 4, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn sum_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, T::Sum>> {
        along(Reduce::Sum, "sum", self.value(), axes, keep).map(Tensor::of)
    }

    /// The product along several axes, as [`Tensor::sum_axes`]; of nothing it is 1. The gradient is right where elements are 0, too.
    /// PyTorch's `prod(dim, keepdim)` takes one axis.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.prod_axes(&[1], false)?.to_vec()?, [2., 12.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn prod_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, T::Sum>> {
        along(Reduce::Prod, "prod", self.value(), axes, keep).map(Tensor::of)
    }

    /// The sum along several axes, as [`Tensor::sum_axes`], of what is not NaN. PyTorch's `nansum(dim, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., f32::NAN], [3., 4.]].into_dynamic();
    /// assert_eq!(x.nansum_axes(&[1], false)?.to_vec()?, [1., 7.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nansum_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, T::Sum>> {
        nansum(self.value(), axes, keep).map(Tensor::of)
    }

    /// `log(sum(exp(x)))` along several axes, all where none is named, without overflow; they stay with size 1 where `keep`. Of nothing it
    /// is minus infinity.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![1000., 1000.]);
    /// assert_eq!(x.logsumexp(&[0], false)?.item()?, 1000. + 2f32.ln());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn logsumexp(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, T::Float>> {
        logsumexp(self.value(), axes, keep).map(Tensor::of)
    }

    /// Whether any element along several axes, all where none is named, is not 0; NaN is not 0. PyTorch keeps `uint8`, here it is a `bool`.
    /// PyTorch's `any(dim, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic, i64>::from_vec(vec![0, 0, 0, 3], &[2, 2])?;
    /// assert_eq!(x.any_axes(&[1], false)?.to_vec()?, [false, true]);
    /// assert_eq!(x.all_axes(&[1], false)?.to_vec()?, [false, false]);
    /// assert_eq!(x.count_nonzero_axes(&[0], false)?.to_vec()?, [0, 1]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn any_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, bool>> {
        any(self.value(), axes, keep).map(Tensor::of)
    }

    /// Whether no element along several axes, all where none is named, is 0; NaN is not 0. PyTorch keeps `uint8`, here it is a `bool`.
    /// PyTorch's `all(dim, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0, 3], [1, 2]].into_dynamic();
    /// assert_eq!(x.all_axes(&[1], false)?.to_vec()?, [false, true]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn all_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, bool>> {
        all(self.value(), axes, keep).map(Tensor::of)
    }

    /// How many elements along several axes, all where none is named, are not 0. PyTorch's `count_nonzero(dim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0, 3], [1, 2]].into_dynamic();
    /// assert_eq!(x.count_nonzero_axes(&[0], false)?.to_vec()?, [1, 2]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn count_nonzero_axes(&self, axes: &[isize], keep: bool) -> Result<Tensor<Dynamic, i64>> {
        count_nonzero(self.value(), axes, keep).map(Tensor::of)
    }

    /// The sum of the diagonal of a matrix, which need not be square. Of whole numbers it has 64 bits.
    ///
    /// # Errors
    /// Where the tensor is no matrix.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[2, 2])?;
    /// assert_eq!(x.trace()?.item()?, 5.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn trace(&self) -> Result<Tensor<(), T::Sum>> {
        trace(self.value()).map(Tensor::of)
    }
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The mean along several axes, as [`Tensor::sum_axes`]; of nothing it is NaN. PyTorch's `mean(dim, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.mean_axes(&[0], true)?, tensor![[2., 3.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn mean_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        along(Reduce::Mean, "mean", self.value(), axes, keep).map(Self::of)
    }

    /// The mean along several axes, as [`Tensor::sum_axes`], of what is not NaN; of nothing it is NaN. PyTorch's `nanmean(dim, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., f32::NAN], [3., 4.]].into_dynamic();
    /// assert_eq!(x.nanmean_axes(&[1], false)?.to_vec()?, [1., 3.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nanmean_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        nanmean(self.value(), axes, keep).map(Self::of)
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The sum of all elements that are not NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., f32::NAN, 3.];
    /// assert_eq!((x.nansum().item()?, x.nanmean().item()?), (4., 2.));
    /// assert_eq!((x.any().item()?, x.all().item()?, x.count_nonzero().item()?), (true, true, 3));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nansum(&self) -> Tensor<(), T::Sum> {
        whole(self.value(), nansum(self.value(), &[], false))
    }

    /// Whether any element is not 0; NaN is not 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(tensor![0., f32::NAN].any().item()?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn any(&self) -> Tensor<(), bool> {
        whole(self.value(), any(self.value(), &[], false))
    }

    /// Whether no element is 0; NaN is not 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert!(!tensor![0., 2.].all().item()?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn all(&self) -> Tensor<(), bool> {
        whole(self.value(), all(self.value(), &[], false))
    }

    /// How many elements are not 0; NaN is not 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 2., f32::NAN].count_nonzero().item()?, 2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn count_nonzero(&self) -> Tensor<(), i64> {
        whole(self.value(), count_nonzero(self.value(), &[], false))
    }
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// The mean of all elements that are not NaN; of nothing it is NaN.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., f32::NAN, 3.].nanmean().item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn nanmean(&self) -> Tensor<(), T> {
        whole(self.value(), nanmean(self.value(), &[], false))
    }
}
