//! Norms and distances.

use smallvec::smallvec;
use tensor_ops::{Compare, Reduce};

use super::moments::root;
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::{Axes, broadcast, describe};
use crate::ops::axes::{count, marked};
use crate::ops::cast::in_single;
use crate::ops::gather::index_select;
use crate::ops::reduce::reduce;
use crate::shape::Dynamic;
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// From so many numbers on, differences of all pairs of points are not written down, but worked out through a product.
const PAIRED: usize = 1 << 24;

/// `(sum |x|^p)^(1 / p)` along the marked axes, with its limits for 0 and the infinities. The gradient is 0 where the norm is.
pub(crate) fn norm_along(name: &'static str, x: &Value, p: f64, marked: &[bool], keep: bool) -> Result<Value> {
    let sum = |x: &Value| reduce(Reduce::Sum, x, marked, keep);
    if p.is_nan() {
        return Err(Error::argument("p", "a number", p));
    }
    if p.is_infinite() {
        if count(x.sizes(), marked) == 0 {
            return Err(Error::shape(
                name,
                "elements along the axes it goes over",
                describe(x.sizes()),
            ));
        }
        let op = if p > 0.0 { Reduce::Max } else { Reduce::Min };
        return Ok(reduce(op, &x.abs(), marked, keep));
    }
    if p == 0.0 {
        return Ok(sum(&x.detach().compare_to(Compare::Ne, 0.0)).cast(x.dtype()));
    }
    if p == 1.0 || count(x.sizes(), marked) == 1 {
        return Ok(sum(&x.abs()));
    }
    if p == 2.0 {
        return root(&sum(&x.square()));
    }
    // Zeros stay out of the powers, whose slopes there are infinite.
    let size = x.abs();
    let zero = size.compare_to(Compare::Eq, 0.0);
    let powers = zero.select(&size.constant(1.0), &size)?.pow(p);
    let alone = if p > 0.0 { 0.0 } else { f64::INFINITY };
    let total = sum(&zero.select(&powers.constant(alone), &powers)?);
    let nothing = total.compare_to(Compare::Eq, 0.0);
    let out = nothing.select(&total.constant(1.0), &total)?.pow(1.0 / p);
    nothing.select(&out.constant(if p > 0.0 { 0.0 } else { f64::INFINITY }), &out)
}

/// The norms of differences, which have a gradient always: where they are counts, it is 0.
fn distances(name: &'static str, x: &Value, p: f64, marked: &[bool]) -> Result<Value> {
    let out = norm_along(name, x, p, marked, false)?;
    if p != 0.0 {
        return Ok(out);
    }
    let rule = || {
        Rule::own(|step| {
            Ok(smallvec![Some(Value::filled(
                step.saved[0].device(),
                step.saved[0].dtype(),
                0.0,
                step.saved[0].sizes()
            ))])
        })
    };
    Ok(record(name, out, [x], rule, |_| smallvec![x.sizes_only()]))
}

fn norm(name: &'static str, x: &Value, p: f64, axes: &[isize], keep: bool) -> Result<Value> {
    let marked = marked(name, axes, x.layout.rank())?;
    in_single(x, |x| norm_along(name, x, p, &marked, keep))
}

fn dist(x: &Value, other: &Value, p: f64) -> Result<Value> {
    norm("dist", &x.sub(other)?, p, &[], false)
}

/// Where a slice along the axis is longer than `most`, it is shortened to that.
fn renorm(x: &Value, p: f64, axis: isize, most: f64) -> Result<Value> {
    if p.is_nan() || p <= 0.0 {
        return Err(Error::argument("p", "a number above 0", p));
    }
    if most.is_nan() || most < 0.0 {
        return Err(Error::argument("max_norm", "a number from 0 on", most));
    }
    if x.layout.rank() < 2 {
        return Err(Error::shape("renorm", "at least two axes", describe(x.sizes())));
    }
    let axis = crate::layout::axis("renorm", axis, x.layout.rank())?;
    let others: Axes<bool> = (0..x.layout.rank()).map(|other| other != axis).collect();
    if count(x.sizes(), &others) == 0 {
        return Ok(x.clone());
    }
    in_single(x, |x| {
        let norm = norm_along("renorm", x, p, &others, true)?;
        let long = norm.compare_to(Compare::Gt, most);
        let factor = norm.affine(1.0, 1e-7).reciprocal().scale(most);
        x.mul(&long.select(&factor, &factor.constant(1.0))?)
    })
}

/// The distances of all rows of `x` to all rows of `y`.
fn cdist(x: &Value, y: &Value, p: f64) -> Result<Value> {
    let refuse = |expected: &str, found: &Value| Err(Error::shape("cdist", expected, describe(found.sizes())));
    let (rank_x, rank_y) = (x.layout.rank(), y.layout.rank());
    if rank_x < 2 {
        return refuse("at least two axes", x);
    }
    if rank_y < 2 {
        return refuse("at least two axes", y);
    }
    let width = x.sizes()[rank_x - 1];
    if y.sizes()[rank_y - 1] != width {
        return refuse(&format!("points of {width} numbers"), y);
    }
    if p.is_nan() || p < 0.0 {
        return Err(Error::argument("p", "a number from 0 on", p));
    }
    crate::ops::elements::same_elements("cdist", x.dtype(), y.dtype())?;
    x.same_device("cdist", y)?;
    let (rows_x, rows_y) = (x.sizes()[rank_x - 2], y.sizes()[rank_y - 2]);
    let mut sizes = broadcast("cdist", &x.sizes()[..rank_x - 2], &y.sizes()[..rank_y - 2])?;
    sizes.extend([rows_x, rows_y]);
    if width == 0 {
        return Ok(Value::filled(x.device(), x.dtype(), 0.0, &sizes));
    }
    let numbers = crate::layout::len(&sizes).saturating_mul(width);
    if p == 2.0 && numbers > PAIRED {
        return in_single(x, |x| through_product(x, &y.cast(x.dtype())));
    }
    in_single(x, |x| {
        let apart = x.unsqueeze(rank_x - 1).sub(&y.cast(x.dtype()).unsqueeze(rank_y - 2))?;
        let marked: Axes<bool> = (0..apart.layout.rank())
            .map(|axis| axis + 1 == apart.layout.rank())
            .collect();
        distances("cdist", &apart, p, &marked)
    })
}

/// `|x - y|^2 = |x|^2 + |y|^2 - 2 x y`: less exact where points are near.
fn through_product(x: &Value, y: &Value) -> Result<Value> {
    let (last_x, last_y) = (x.layout.rank() - 1, y.layout.rank() - 1);
    let of_x = x.square().sum(&[last_x], true);
    let of_y = y.square().sum(&[last_y], true).transpose(last_y - 1, last_y);
    let product = x.matmul(&y.transpose(last_y - 1, last_y))?;
    let squares = of_x.add(&of_y)?.sub(&product.scale(2.0))?;
    root(&squares.maximum(&squares.constant(0.0))?)
}

fn pdist(x: &Value, p: f64) -> Result<Value> {
    if x.layout.rank() != 2 {
        return Err(Error::shape("pdist", "a matrix of a point a row", describe(x.sizes())));
    }
    if p.is_nan() || p < 0.0 {
        return Err(Error::argument("p", "a number from 0 on", p));
    }
    x.buffer.check()?;
    let count = x.sizes()[0] as i64;
    let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other)));
    let (one, other): (Vec<i64>, Vec<i64>) = pairs.unzip();
    let side = |places: &[i64]| index_select(x, 0, &Value::from_slice(x.device(), &[places.len()], places));
    let apart = side(&one)?.sub(&side(&other)?)?;
    if x.sizes()[1] == 0 {
        return Ok(Value::filled(x.device(), x.dtype(), 0.0, &[one.len()]));
    }
    in_single(&apart, |apart| distances("pdist", apart, p, &[false, true]))
}

impl<T: Differentiable> Tensor<Dynamic, T> {
    /// The norm `(sum |x|^p)^(1 / p)` along several axes, all where none is named, which stay with size 1 where `keep`. For 0 it counts what is
    /// not 0, without a gradient; for infinity it is the largest size, for minus infinity the smallest. The gradient is 0 where the norm is.
    ///
    /// # Errors
    /// As [`Tensor::sum_axes`]; where `p` is NaN; where it is infinite and there are no elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from(vec![3., -4.]);
    /// assert_eq!(x.norm(2., &[], false)?.item()?, 5.);
    /// assert_eq!(x.norm(1., &[0], false)?.item()?, 7.);
    /// assert_eq!(x.norm(f64::INFINITY, &[0], true)?.to_vec()?, [4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn norm(&self, p: f64, axes: &[isize], keep: bool) -> Result<Self> {
        norm("norm", self.value(), p, axes, keep).map(Self::of)
    }

    /// The norm of the difference, [`Tensor::norm`] of `self - other`, broadcast.
    ///
    /// # Errors
    /// Where the sizes do not broadcast, and as [`Tensor::norm`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![3., 1.].into_dynamic(), tensor![0., 5.].into_dynamic());
    /// assert_eq!(x.dist(&y, 2.)?.item()?, 5.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn dist(&self, other: &Self, p: f64) -> Result<Self> {
        dist(self.value(), other.value(), p).map(Self::of)
    }

    /// With every slice along an axis whose norm over all others is above `max_norm` shortened to it.
    ///
    /// # Errors
    /// Where there are fewer than two axes, or not that one; where `p` is not above 0, or `max_norm` below.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic, f64>::from_vec(vec![3., 4., 0.3, 0.4], &[2, 2])?;
    /// let short = x.renorm(2., 0, 1.)?;
    /// assert!((short.norm(2., &[1], false)?.to_vec()?[0] - 1.).abs() < 1e-6);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn renorm(&self, p: f64, axis: isize, max_norm: f64) -> Result<Self> {
        renorm(self.value(), p, axis, max_norm).map(Self::of)
    }

    /// The distances, as [`Tensor::norm`] of the difference, of every row here to every row there: `[.., m, k]` and `[.., n, k]` give
    /// `[.., m, n]`; axes before these broadcast. The gradient is 0 where a distance is. Beyond 16 million numbers, the Euclidean one is
    /// worked out through a product, as in PyTorch, which is less exact where points are near.
    ///
    /// # Errors
    /// Where the sizes do not fit, or `p` is below 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![0., 0., 3., 4.], &[2, 2])?;
    /// assert_eq!(x.cdist(&x, 2.)?.to_vec()?, [0., 5., 5., 0.]);
    /// assert_eq!(x.pdist(1.)?.to_vec()?, [7.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn cdist(&self, other: &Self, p: f64) -> Result<Self> {
        cdist(self.value(), other.value(), p).map(Self::of)
    }

    /// The distances of all pairs of rows, the upper triangle of [`Tensor::cdist`] with itself: `[n, k]` gives `[n (n - 1) / 2]`.
    ///
    /// # Errors
    /// Where the tensor is no matrix, or `p` is below 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 0.], [3., 4.], [0., 4.]].into_dynamic();
    /// assert_eq!(x.pdist(2.)?.to_vec()?, [5., 4., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn pdist(&self, p: f64) -> Result<Self> {
        pdist(self.value(), p).map(Self::of)
    }
}
