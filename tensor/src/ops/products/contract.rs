//! Products that sum over chosen axes: `tensordot`, `inner`, `vecdot`; and `kron` and `cross`, which are made of elementwise ones.

use super::matrix::times;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, broadcast, describe};
use crate::ops::elements::same_elements;
use crate::ops::flip::roll;
use crate::tape::Value;

/// The sum over pairs of axes, `a_axes[i]` of `a` with `b_axes[i]` of `b`; what is left of `a` comes first. An axis of size 1 meets one of
/// any size.
pub(crate) fn tensordot(
    operation: &'static str,
    a: &Value,
    b: &Value,
    a_axes: &[isize],
    b_axes: &[isize],
) -> Result<Value> {
    same_elements(operation, a.dtype(), b.dtype())?;
    if a_axes.len() != b_axes.len() {
        let expected = format!("as many axes for both, {} as for the first", a_axes.len());
        return Err(Error::argument("axes", expected, b_axes.len()));
    }
    let (a_axes, b_axes) = (chosen(operation, a, a_axes)?, chosen(operation, b, b_axes)?);
    let (mut a, mut b) = (a.clone(), b.clone());
    for (&i, &j) in a_axes.iter().zip(&b_axes) {
        match (a.sizes()[i], b.sizes()[j]) {
            (m, n) if m == n => {}
            (1, _) => b = b.sum(&[j], true).cast(b.dtype()),
            (_, 1) => a = a.sum(&[i], true).cast(a.dtype()),
            (m, n) => {
                return Err(Error::shape(
                    operation,
                    format!(
                        "axis {j} of {} to have size {m}, as axis {i} of {}",
                        describe(b.sizes()),
                        describe(a.sizes())
                    ),
                    n.to_string(),
                ));
            }
        }
    }
    let free = |x: &Value, axes: &[usize]| -> Axes<usize> {
        x.axes().into_iter().filter(|axis| !axes.contains(axis)).collect()
    };
    let (a_free, b_free) = (free(&a, &a_axes), free(&b, &b_axes));
    let sizes = |x: &Value, axes: &[usize]| -> Axes<usize> { axes.iter().map(|&axis| x.sizes()[axis]).collect() };
    let (m, n, k) = (sizes(&a, &a_free), sizes(&b, &b_free), sizes(&a, &a_axes));
    let rows: Axes<usize> = a_free.iter().chain(&a_axes).copied().collect();
    let columns: Axes<usize> = b_axes.iter().chain(&b_free).copied().collect();
    let left = a.permute(&rows).reshape(&[layout::len(&m), layout::len(&k)]);
    let right = b.permute(&columns).reshape(&[layout::len(&k), layout::len(&n)]);
    let out: Axes<usize> = m.into_iter().chain(n).collect();
    Ok(left.matmul(&right)?.reshape(&out))
}

/// Axes counted from the front, each once.
fn chosen(operation: &'static str, x: &Value, axes: &[isize]) -> Result<Axes<usize>> {
    let mut out = Axes::new();
    for &axis in axes {
        let index = layout::axis(operation, axis, x.layout.rank())?;
        if out.contains(&index) {
            return Err(Error::argument("axes", "each axis once", format!("axis {axis} twice")));
        }
        out.push(index);
    }
    Ok(out)
}

/// The sums over the last axes; of a scalar the product.
pub(crate) fn inner(a: &Value, b: &Value) -> Result<Value> {
    if a.layout.rank() == 0 || b.layout.rank() == 0 {
        return a.mul(b);
    }
    let (m, n) = (a.sizes()[a.layout.rank() - 1], b.sizes()[b.layout.rank() - 1]);
    if m != n {
        return Err(Error::shape(
            "inner",
            format!("sizes with a last axis of {m}, as {} has", describe(a.sizes())),
            describe(b.sizes()),
        ));
    }
    tensordot("inner", a, b, &[-1], &[-1])
}

/// The sum of `a b` along an axis of both, broadcast.
pub(crate) fn vecdot(a: &Value, b: &Value, axis: isize) -> Result<Value> {
    same_elements("vecdot", a.dtype(), b.dtype())?;
    let sizes = broadcast("vecdot", a.sizes(), b.sizes())?;
    let axis = layout::axis("vecdot", axis, sizes.len())?;
    let last = |x: &Value| -> Result<Value> {
        let x = x.expand("vecdot", &sizes)?;
        let order: Axes<usize> = x
            .axes()
            .into_iter()
            .filter(|&each| each != axis)
            .chain([axis])
            .collect();
        Ok(x.permute(&order))
    };
    let (a, b) = (last(a)?, last(b)?);
    let out = a.unsqueeze(sizes.len() - 1).matmul(&b.unsqueeze(sizes.len()))?;
    Ok(out.squeeze(sizes.len()).squeeze(sizes.len() - 1))
}

/// The Kronecker product: each element of `a` times all of `b`, in its place. The shorter one gets leading axes of size 1.
pub(crate) fn kron(a: &Value, b: &Value) -> Result<Value> {
    same_elements("kron", a.dtype(), b.dtype())?;
    let rank = a.layout.rank().max(b.layout.rank());
    let padded = |x: &Value| -> Axes<usize> {
        let lead = rank - x.layout.rank();
        (0..rank)
            .map(|axis| axis.checked_sub(lead).map_or(1, |axis| x.sizes()[axis]))
            .collect()
    };
    let (m, n) = (padded(a), padded(b));
    let a_wide: Axes<usize> = m.iter().flat_map(|&size| [size, 1]).collect();
    let b_wide: Axes<usize> = n.iter().flat_map(|&size| [1, size]).collect();
    let sizes: Axes<usize> = m.iter().zip(&n).map(|(&m, &n)| m.saturating_mul(n)).collect();
    if layout::len(&sizes) > layout::MOST {
        let found = format!("{} and {}", describe(a.sizes()), describe(b.sizes()));
        return Err(Error::shape("kron", "sizes whose product fits into memory", found));
    }
    Ok(times(&a.reshape(&a_wide), &b.reshape(&b_wide))?.reshape(&sizes))
}

/// The vector product along an axis of size 3, broadcast.
pub(crate) fn cross(a: &Value, b: &Value, axis: isize) -> Result<Value> {
    let name = "cross";
    same_elements(name, a.dtype(), b.dtype())?;
    if a.layout.rank() != b.layout.rank() {
        return Err(Error::shape(
            name,
            format!("as many axes as {} has", describe(a.sizes())),
            describe(b.sizes()),
        ));
    }
    let sizes = broadcast(name, a.sizes(), b.sizes())?;
    let axis = layout::axis(name, axis, sizes.len())?;
    for x in [a, b] {
        if x.sizes()[axis] != 3 {
            let expected = format!("size 3 of axis {axis}");
            return Err(Error::shape(name, expected, describe(x.sizes())));
        }
    }
    // a[i + 1] b[i + 2] - a[i + 2] b[i + 1]
    let next = |x: &Value, by: isize| roll(x, &[-by], &[axis as isize]);
    let left = next(a, 1)?.mul(&next(b, 2)?)?;
    left.sub(&next(a, 2)?.mul(&next(b, 1)?)?)
}
