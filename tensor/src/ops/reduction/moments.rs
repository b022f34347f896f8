//! Variances, standard deviations, covariances.

use tensor_ops::{Compare, Reduce};

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::axes::{count, marked};
use crate::ops::cast::in_single;
use crate::ops::reduce::reduce;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// `sum((x - mean)^2) / max(0, n - correction)`.
fn var(name: &'static str, x: &Value, axes: &[isize], correction: f64, keep: bool) -> Result<Value> {
    let marked = marked(name, axes, x.layout.rank())?;
    in_single(x, |x| {
        let mean = reduce(Reduce::Mean, x, &marked, true);
        let squares = reduce(Reduce::Sum, &x.sub(&mean)?.square(), &marked, keep);
        let divisor = (count(x.sizes(), &marked) as f64 - correction).max(0.0);
        squares.div(&squares.constant(divisor))
    })
}

/// The root of the variance; its gradient is 0 where it is 0.
fn std(name: &'static str, x: &Value, axes: &[isize], correction: f64, keep: bool) -> Result<Value> {
    in_single(x, |x| {
        let var = var(name, x, axes, correction, keep)?;
        root(&var)
    })
}

/// The square root, whose gradient at 0 is taken as 0.
pub(crate) fn root(x: &Value) -> Result<Value> {
    let zero = x.compare_to(Compare::Eq, 0.0);
    let root = zero.select(&x.constant(1.0), x)?.sqrt();
    zero.select(&x.constant(0.0), &root)
}

fn mean(x: &Value, axes: &[isize], keep: bool) -> Result<Value> {
    Ok(reduce(Reduce::Mean, x, &marked("mean", axes, x.layout.rank())?, keep))
}

/// The covariances of the rows of a matrix.
fn cov(name: &'static str, x: &Value, correction: f64) -> Result<Value> {
    if x.layout.rank() > 2 {
        return Err(Error::shape(
            name,
            "a matrix of a variable a row, or one variable",
            describe(x.sizes()),
        ));
    }
    in_single(x, |x| {
        let rows = if x.layout.rank() == 2 {
            x.clone()
        } else {
            x.reshape(&[1, x.len()])
        };
        let count = rows.sizes()[1];
        let centred = rows.sub(&rows.mean(&[1], true))?;
        let products = centred.matmul(&centred.transpose(0, 1))?;
        let divisor = (count as f64 - correction).max(0.0);
        let out = products.div(&products.constant(divisor))?;
        Ok(if x.layout.rank() == 2 { out } else { out.reshape(&[]) })
    })
}

fn corrcoef(x: &Value) -> Result<Value> {
    in_single(x, |x| {
        let cov = cov("corrcoef", x, 1.0)?;
        if cov.layout.rank() == 0 {
            return cov.div(&cov);
        }
        let place = crate::ops::view::Look::Diagonal { a: 0, b: 1, offset: 0 };
        let deviation = crate::ops::view::look(&cov, place).sqrt();
        let scaled = cov.div(&deviation.unsqueeze(1))?.div(&deviation)?;
        scaled.maximum(&scaled.constant(-1.0))?.minimum(&scaled.constant(1.0))
    })
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// The variance of all elements, `sum((x - mean)^2) / max(0, n - correction)`; PyTorch's default correction is 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 6.];
    /// assert_eq!((x.var(0.).item()?, x.std(1.).item()?), (3.5, (14f32 / 3.).sqrt()));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn var(&self, correction: f64) -> Tensor<(), T> {
        whole(self.value(), var("var", self.value(), &[], correction, false))
    }

    /// The standard deviation of all elements, the root of [`Tensor::var`]; its gradient is 0 where it is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 3., 6.].std(0.).item()?, 3.5f32.sqrt());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn std(&self, correction: f64) -> Tensor<(), T> {
        whole(self.value(), std("std", self.value(), &[], correction, false))
    }
}

fn whole<T: Differentiable>(x: &Value, out: Result<Value>) -> Tensor<(), T> {
    Tensor::of(out.unwrap_or_else(|error| Value::poisoned(x.device(), T::DTYPE, &[], error)))
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The variance along several axes, all where none is named, which stay with size 1 where `keep`:
    /// `sum((x - mean)^2) / max(0, n - correction)` of `n` elements each. PyTorch's default correction is 1; it need not be whole.
    /// PyTorch's `var(dim, correction, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 5., 5.], &[2, 2])?;
    /// assert_eq!(x.var_axes(&[1], 1., false)?.to_vec()?, [2., 0.]);
    /// let (deviation, mean) = x.std_mean(&[1], 0., true)?;
    /// assert_eq!((deviation.to_vec()?, mean.to_vec()?), (vec![1., 0.], vec![2., 5.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn var_axes(&self, axes: &[isize], correction: f64, keep: bool) -> Result<Self> {
        var("var", self.value(), axes, correction, keep).map(Self::of)
    }

    /// The standard deviation along several axes, the root of [`Tensor::var_axes`]; its gradient is 0 where it is 0.
    /// PyTorch's `std(dim, correction, keepdim)`.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 3.], [5., 5.]].into_dynamic();
    /// assert_eq!(x.std_axes(&[1], 0., false)?.to_vec()?, [1., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn std_axes(&self, axes: &[isize], correction: f64, keep: bool) -> Result<Self> {
        std("std", self.value(), axes, correction, keep).map(Self::of)
    }

    /// [`Tensor::var_axes`] and the mean.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (variance, mean) = tensor![[1., 3.], [5., 5.]].into_dynamic().var_mean(&[1], 1., false)?;
    /// assert_eq!((variance.to_vec()?, mean.to_vec()?), (vec![2., 0.], vec![2., 5.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn var_mean(&self, axes: &[isize], correction: f64, keep: bool) -> Result<(Self, Self)> {
        let var = var("var_mean", self.value(), axes, correction, keep)?;
        Ok((Self::of(var), Self::of(mean(self.value(), axes, keep)?)))
    }

    /// [`Tensor::std_axes`] and the mean.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (deviation, mean) = tensor![[1., 3.], [5., 5.]].into_dynamic().std_mean(&[1], 0., false)?;
    /// assert_eq!((deviation.to_vec()?, mean.to_vec()?), (vec![1., 0.], vec![2., 5.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn std_mean(&self, axes: &[isize], correction: f64, keep: bool) -> Result<(Self, Self)> {
        let std = std("std_mean", self.value(), axes, correction, keep)?;
        Ok((Self::of(std), Self::of(mean(self.value(), axes, keep)?)))
    }

    /// The covariances of variables, of which each row of a matrix has the observations: `[m, n]` gives `[m, m]`. One variable, `[n]`,
    /// gives its variance. PyTorch's default correction is 1.
    ///
    /// # Errors
    /// Where the tensor has more than two axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![0., 1., 2., 2., 1., 0.], &[2, 3])?;
    /// assert_eq!(x.cov(1.)?.to_vec()?, [1., -1., -1., 1.]);
    /// assert_eq!(x.corrcoef()?.to_vec()?, [1., -1., -1., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cov(&self, correction: f64) -> Result<Self> {
        cov("cov", self.value(), correction).map(Self::of)
    }

    /// The correlations of variables, [`Tensor::cov`] over the standard deviations of both.
    ///
    /// # Errors
    /// Where the tensor has more than two axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 1., 2.], [2., 1., 0.]].into_dynamic();
    /// assert_eq!(x.corrcoef()?, tensor![[1., -1.], [-1., 1.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn corrcoef(&self) -> Result<Self> {
        corrcoef(self.value()).map(Self::of)
    }
}
