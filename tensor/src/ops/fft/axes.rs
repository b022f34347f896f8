//! Transforms along any axes, of any length.

use super::rows::{complex, from_half, half, positive};
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe};
use crate::ops::view::placed;
use crate::tape::Value;

/// By what a transform of `n` numbers is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Norm {
    /// The inverse transform by `n`.
    #[default]
    Backward,
    /// Both by the root of `n`.
    Ortho,
    /// The forward transform by `n`.
    Forward,
}

impl Norm {
    /// The factor of a transform.
    pub(crate) fn factor(self, inverse: bool, n: usize) -> f64 {
        match (self, inverse) {
            (Self::Ortho, _) => 1.0 / (n as f64).sqrt(),
            (Self::Backward, true) | (Self::Forward, false) => 1.0 / n as f64,
            (Self::Backward, false) | (Self::Forward, true) => 1.0,
        }
    }
}

/// An axis and how many of its numbers are transformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Along {
    pub(crate) axis: usize,
    pub(crate) n: usize,
}

/// The axes of a transform of `sizes`: all, the last ones for which there are lengths, or those that are named. `lengths` are those of the
/// axes themselves where they are not given.
pub(crate) fn chosen(
    operation: &'static str,
    sizes: &[usize],
    lengths: Option<&[usize]>,
    axes: Option<&[isize]>,
) -> Result<Vec<Along>> {
    let rank = sizes.len();
    let mut named: Axes<usize> = Axes::new();
    match (axes, lengths) {
        (Some(axes), _) => {
            for &axis in axes {
                let index = layout::axis(operation, axis, rank)?;
                if named.contains(&index) {
                    return Err(Error::argument("axes", "each axis once", format!("axis {axis} twice")));
                }
                named.push(index);
            }
        }
        (None, Some(lengths)) if lengths.len() > rank => {
            let expected = format!("at least {} axes", lengths.len());
            return Err(Error::shape(operation, expected, describe(sizes)));
        }
        (None, Some(lengths)) => named.extend(rank - lengths.len()..rank),
        (None, None) => named.extend(0..rank),
    }
    if lengths.is_some_and(|lengths| lengths.len() != named.len()) {
        let found = lengths.map_or(0, <[usize]>::len);
        return Err(Error::argument(
            "s",
            format!("a length for each of {} axes", named.len()),
            found,
        ));
    }
    let length = |(at, &axis): (usize, &usize)| Along {
        axis,
        n: lengths.map_or(sizes[axis], |lengths| lengths[at]),
    };
    let out: Vec<Along> = named.iter().enumerate().map(length).collect();
    let mut whole: Axes<usize> = sizes.into();
    for along in &out {
        positive(operation, sizes, along.n)?;
        whole[along.axis] = along.n;
    }
    // A length has its plan even where there is no row of it.
    let most: Axes<usize> = whole.iter().map(|&size| size.max(1)).collect();
    if layout::len(&most) > layout::MOST {
        return Err(Error::shape(operation, "sizes that fit into memory", describe(&whole)));
    }
    Ok(out)
}

/// Cut to `n`, or with zeros behind.
fn resized(x: &Value, axis: usize, n: usize) -> Value {
    match x.sizes()[axis] {
        size if size > n => x.slice(axis, 0, n, 1),
        size if size < n => placed(x, axis, 0, n),
        _ => x.clone(),
    }
}

/// An axis at another place, the others in their order.
fn moved(x: &Value, from: usize, to: usize) -> Value {
    if from == to {
        return x.clone();
    }
    let mut order = x.axes();
    order.remove(from);
    order.insert(to, from);
    x.permute(&order)
}

/// Transforms of pairs, one axis after the other.
pub(crate) fn transform(
    operation: &'static str,
    z: &Value,
    along: &[Along],
    inverse: bool,
    norm: Norm,
) -> Result<Value> {
    if along.is_empty() {
        return Ok(z.clone());
    }
    let last = z.layout.rank() - 2;
    along.iter().try_fold(z.clone(), |z, &Along { axis, n }| {
        let rows = moved(&resized(&z, axis, n), axis, last);
        let out = complex(operation, &rows, inverse, norm.factor(inverse, n))?;
        Ok(moved(&out, last, axis))
    })
}

/// The half transform of real numbers along the last of the axes, whole ones of what that gives along the others.
pub(crate) fn real(operation: &'static str, x: &Value, along: &[Along], norm: Norm) -> Result<Value> {
    let Some((&Along { axis, n }, others)) = along.split_last() else {
        return Err(Error::argument("axes", "at least one axis", "none"));
    };
    let last = x.layout.rank() - 1;
    let rows = moved(&resized(x, axis, n), axis, last);
    let out = half(operation, &rows, norm.factor(false, n))?;
    transform(operation, &moved(&out, last, axis), others, false, norm)
}

/// The real numbers, `n` along the last of the axes, of which this is the half transform. `inverse` says which of the factors of `norm` it
/// gets.
pub(crate) fn to_real(operation: &'static str, z: &Value, along: &[Along], inverse: bool, norm: Norm) -> Result<Value> {
    let Some((&Along { axis, n }, others)) = along.split_last() else {
        return Err(Error::argument("axes", "at least one axis", "none"));
    };
    positive(operation, z.sizes(), n)?;
    let z = transform(operation, z, others, true, norm)?;
    let last = z.layout.rank() - 2;
    let rows = moved(&resized(&z, axis, n / 2 + 1), axis, last);
    let out = from_half(operation, &rows, n, norm.factor(inverse, n))?;
    Ok(moved(&out, last, axis))
}
