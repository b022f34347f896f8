//! Norms of vectors and matrices, and condition numbers.

use tensor_ops::{Compare, Reduce};

use super::batch::{matrices, square};
use super::lu::factored;
use super::shapes::eye;
use super::solve::inverse;
use super::svd::svdvals;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe};
use crate::ops::view::{Look, look};
use crate::tape::Value;

/// Which norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// The root of the sum of the squares.
    Frobenius,
    /// The sum of the singular values.
    Nuclear,
    /// Of vectors the `p`-th root of the sum of the `p`-th powers of the magnitudes; infinity for the largest one, 0 for how many are not
    /// zero. Of matrices 1 and infinity are the largest sum of the magnitudes of a column and of a row, 2 is the largest singular
    /// value; their negatives are the smallest.
    P(f64),
}

impl From<f64> for Order {
    fn from(p: f64) -> Self {
        Self::P(p)
    }
}

/// Axes from the front, each once; all where none are given. A scalar has the axes 0 and -1.
fn chosen(name: &'static str, x: &Value, axes: Option<&[isize]>) -> Result<Axes<usize>> {
    let rank = x.layout.rank();
    let mut out = Axes::new();
    for &axis in axes.unwrap_or_default() {
        let index = layout::axis(name, axis, rank.max(1))?;
        if out.contains(&index) {
            return Err(Error::argument("axes", "each axis once", format!("axis {axis} twice")));
        }
        out.push(index);
    }
    if out.is_empty() || rank == 0 {
        return Ok(x.axes());
    }
    Ok(out)
}

/// The norm of order `p` over some axes, all where none are given. Its gradient at zero is 0.
pub(crate) fn vector_norm(name: &'static str, x: &Value, p: f64, axes: Option<&[isize]>, keep: bool) -> Result<Value> {
    let axes = chosen(name, x, axes)?;
    if p.is_nan() {
        return Err(Error::argument("ord", "a number", p));
    }
    let empty = axes.iter().any(|&axis| x.sizes()[axis] == 0);
    if empty && (p < 0.0 || p == f64::INFINITY) {
        let expected = format!("at least one element for the norm of order {p}");
        return Err(Error::shape(name, expected, describe(x.sizes())));
    }
    let dtype = x.dtype();
    let x = &if dtype.is_half() { x.cast(DType::F32) } else { x.clone() };
    Ok(norm_of(x, p, &axes, keep)?.cast(dtype))
}

fn norm_of(x: &Value, p: f64, axes: &[usize], keep: bool) -> Result<Value> {
    if p.is_infinite() {
        let extreme = if p > 0.0 { Reduce::Max } else { Reduce::Min };
        return Ok(x.abs().reduce(extreme, axes, keep));
    }
    // Of a single number every norm is its magnitude.
    let single = p != 0.0 && axes.iter().all(|&axis| x.sizes()[axis] == 1);
    if p == 1.0 || single {
        return Ok(x.abs().sum(axes, keep));
    }
    let zero = x.compare_to(Compare::Eq, 0.0);
    if p == 0.0 {
        // On the tape, with a gradient of zeros.
        let nothing = x.or_where_not(&Value::filled(x.device(), DType::Bool, 0.0, &[]), 0.0)?;
        let counted = nothing.add(&zero.select(&x.constant(0.0), &x.constant(1.0))?)?;
        return Ok(counted.sum(axes, keep));
    }
    let powers = if p == 2.0 {
        x.square()
    } else {
        // The slope at 0 is 0 for every p: without the detour it would be infinite for some.
        let safe = zero.select(&x.constant(1.0), &x.abs())?;
        zero.select(&x.constant(0f64.powf(p)), &safe.pow(p))?
    };
    let sum = powers.sum(axes, keep);
    let none = sum.compare_to(Compare::Eq, 0.0);
    let safe = none.select(&sum.constant(1.0), &sum)?;
    let root = if p == 2.0 { safe.sqrt() } else { safe.pow(1.0 / p) };
    none.select(&sum.constant(0f64.powf(1.0 / p)), &root)
}

/// The norm of matrices over two axes.
pub(crate) fn matrix_norm(name: &'static str, x: &Value, order: Order, axes: [isize; 2], keep: bool) -> Result<Value> {
    if x.layout.rank() < 2 {
        return Err(Error::shape(name, "matrices, [.., M, N]", describe(x.sizes())));
    }
    let chosen = chosen(name, x, Some(&axes))?;
    let (row, column) = (chosen[0], chosen[1]);
    let out = match order {
        Order::Frobenius => return vector_norm(name, x, 2.0, Some(&axes), keep),
        Order::P(p) if p.abs() == 1.0 => x.abs().sum(&[row], true).reduce_to(name, p, column)?,
        Order::P(p) if p.is_infinite() => x.abs().sum(&[column], true).reduce_to(name, p, row)?,
        Order::P(p) if p.abs() == 2.0 => spectrum(name, x, row, column)?.reduce_to(name, p, row)?,
        Order::Nuclear => spectrum(name, x, row, column)?.sum(&[row], true),
        Order::P(p) => {
            let expected = "`Frobenius`, `Nuclear`, 1, 2, infinity or a negative of these";
            return Err(Error::argument("ord", expected, p));
        }
    };
    if keep {
        return Ok(out);
    }
    let sizes: Axes<usize> = out
        .axes()
        .iter()
        .filter(|axis| !chosen.contains(axis))
        .map(|&axis| out.sizes()[axis])
        .collect();
    Ok(out.reshape(&sizes))
}

/// The singular values of the matrices over two axes, along the first of these; the other one has size 1.
fn spectrum(name: &'static str, x: &Value, row: usize, column: usize) -> Result<Value> {
    let others = x.axes().into_iter().filter(|&axis| axis != row && axis != column);
    let order: Axes<usize> = others.chain([row, column]).collect();
    let s = svdvals(name, &x.permute(&order))?;
    let s = s.unsqueeze(s.layout.rank());
    Ok(s.permute(&layout::inverse(&order)))
}

impl Value {
    /// The largest of an axis, or the smallest for a negative `p`; the axis stays.
    fn reduce_to(&self, name: &'static str, p: f64, axis: usize) -> Result<Self> {
        if self.sizes()[axis] == 0 {
            let expected = format!("at least one element for the norm of order {p}");
            return Err(Error::shape(name, expected, describe(self.sizes())));
        }
        let extreme = if p > 0.0 { Reduce::Max } else { Reduce::Min };
        Ok(self.reduce(extreme, &[axis], true))
    }
}

/// The norm of vectors or matrices: of everything, the root of the sum of the squares, where neither order nor axes are given.
pub(crate) fn norm(x: &Value, order: Option<Order>, axes: Option<&[isize]>, keep: bool) -> Result<Value> {
    let name = "norm";
    match (order, axes) {
        (None, axes) => vector_norm(name, x, 2.0, axes, keep),
        (Some(order), Some(&[row, column])) => matrix_norm(name, x, order, [row, column], keep),
        (Some(order), None) if x.layout.rank() == 2 => matrix_norm(name, x, order, [0, 1], keep),
        (Some(Order::P(p)), Some([_])) => vector_norm(name, x, p, axes, keep),
        (Some(Order::P(p)), None) if x.layout.rank() == 1 => vector_norm(name, x, p, axes, keep),
        (Some(order), axes) => {
            let axes = axes.map_or("no axes".to_owned(), |axes| format!("axes {axes:?}"));
            let found = format!("{} with {axes}", describe(x.sizes()));
            Err(Error::shape(name, format!("one axis or two for {order:?}"), found))
        }
    }
}

/// The condition number: the product of the norms of the matrix and of its inverse, infinite where there is none; for 2, -2 or no order the
/// ratio of singular values.
pub(crate) fn cond(x: &Value, order: Option<Order>) -> Result<Value> {
    let name = "cond";
    matrices(name, x)?;
    match order {
        None | Some(Order::P(2.0 | -2.0)) => {
            let s = svdvals(name, x)?;
            let last = s.layout.rank() - 1;
            let of = |p: f64| -> Result<Value> { Ok(s.reduce_to(name, p, last)?.squeeze(last)) };
            let (largest, smallest) = (of(1.0)?, of(-1.0)?);
            match order {
                Some(Order::P(-2.0)) => smallest.div(&largest),
                _ => largest.div(&smallest),
            }
        }
        Some(order) => {
            let n = square(name, x)?;
            let norm = |x: &Value| matrix_norm(name, x, order, [-2, -1], false);
            if x.len() == 0 {
                return norm(x)?.mul(&norm(&inverse(name, x)?)?);
            }
            let (factors, _, _) = factored(name, &x.detach())?;
            let (a, b) = (x.layout.rank() - 2, x.layout.rank() - 1);
            let pivots = look(&factors, Look::Diagonal { a, b, offset: 0 }).compare_to(Compare::Ne, 0.0);
            let regular = pivots.reduce(Reduce::Min, &[a], false);
            // In the place of a singular matrix stands one that has an inverse.
            let invertible = regular.unsqueeze(a).unsqueeze(b);
            let invertible = invertible.select(x, &eye(x.device(), x.dtype(), n))?;
            let product = norm(x)?.mul(&norm(&inverse(name, &invertible)?)?)?;
            product.or_where_not(&regular, f64::INFINITY)
        }
    }
}
