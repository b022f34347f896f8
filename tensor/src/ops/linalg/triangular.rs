//! `A X = B` with a triangle.

use smallvec::smallvec;

use super::batch::{matrices, square, with_one_lead};
use super::shapes::{flip, lower, upper};
use crate::device::typed::float;
use crate::error::{Error, Result};
use crate::kernels::linalg::triangular::{System, solve_triangular as kernel};
use crate::layout::{describe, len};
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// Which system is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Triangle {
    /// `A` is upper triangular; the rest is not read.
    pub(crate) upper: bool,
    /// `A X = B`, else `X A = B`.
    pub(crate) left: bool,
    /// The diagonal is 1 and is not read.
    pub(crate) unit: bool,
}

/// `X` of `A X = B` or `X A = B`. Leading axes broadcast.
pub(crate) fn solve_triangular(a: &Value, b: &Value, triangle: Triangle) -> Result<Value> {
    let name = "solve_triangular";
    let n = square(name, a)?;
    let (rows, columns) = matrices(name, b)?;
    if (if triangle.left { rows } else { columns }) != n {
        let expected = if triangle.left {
            format!("[.., {n}, K]")
        } else {
            format!("[.., K, {n}]")
        };
        return Err(Error::shape(
            name,
            format!("{expected} for {}", describe(a.sizes())),
            describe(b.sizes()),
        ));
    }
    let (a, b) = with_one_lead(name, a, b)?;
    primitive(&a, &b, triangle)
}

/// Of batches of one size.
pub(crate) fn primitive(a: &Value, b: &Value, triangle: Triangle) -> Result<Value> {
    let name = "solve_triangular";
    on_processor(name, &[a, b])?;
    let (rows, columns) = matrices(name, b)?;
    let (n, k) = if triangle.left {
        (rows, columns)
    } else {
        (columns, rows)
    };
    let system = System {
        upper: triangle.upper,
        transposed: false,
        unit: triangle.unit,
        right: !triangle.left,
    };
    let out = float!(a, T => {
        let (left, mut right) = (a.to_vec::<T>()?, b.to_vec::<T>()?);
        for i in 0..len(&b.sizes()[..b.layout.rank() - 2]) {
            kernel(n, k, &left[i * n * n..(i + 1) * n * n], &mut right[i * n * k..(i + 1) * n * k], system);
        }
        Value::from_slice(a.device(), b.sizes(), &right)
    });
    // d_B = A^-T d, d_A = the triangle of -d_B X^T; likewise from the right.
    let rule = || {
        Rule::own(move |step| {
            let (a, x) = (&step.saved[0], &step.saved[1]);
            let back = Triangle {
                upper: !triangle.upper,
                ..triangle
            };
            let d_b = primitive(&flip(a), step.gradient, back)?;
            if !step.wants(0) {
                return Ok(smallvec![None, Some(d_b)]);
            }
            let whole = if triangle.left {
                d_b.matmul(&flip(x))?
            } else {
                flip(x).matmul(&d_b)?
            };
            let beyond = isize::from(triangle.unit);
            let d_a = if triangle.upper {
                upper(&whole.neg(), beyond)?
            } else {
                lower(&whole.neg(), -beyond)?
            };
            Ok(smallvec![Some(d_a), Some(d_b)])
        })
    };
    Ok(record(name, out, [a, b], rule, |out| {
        smallvec![a.clone(), out.as_own()]
    }))
}
