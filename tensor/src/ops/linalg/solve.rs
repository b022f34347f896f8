//! `A X = B` and `A^-1`.

use smallvec::smallvec;

use super::batch::{each_matrix, matrices, square, with_one_lead};
use super::shapes::flip;
use crate::device::typed::float;
use crate::error::{Error, Result};
use crate::kernels::linalg::lu;
use crate::layout::{describe, len};
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// `A^-1`.
pub(crate) fn inverse(operation: &'static str, a: &Value) -> Result<Value> {
    let n = square(operation, a)?;
    on_processor(operation, &[a])?;
    let out = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; data.len()];
        each_matrix!(operation, a, data.len().checked_div(n * n).unwrap_or(0), |i| {
            let place = i * n * n..(i + 1) * n * n;
            lu::inverse(n, &data[place.clone()], &mut out[place])
        });
        Value::from_slice(a.device(), a.sizes(), &out)
    });
    // d_A = -A^-T d A^-T
    let rule = || {
        Rule::own(move |step| {
            let back = flip(&step.saved[0]);
            Ok(smallvec![Some(back.matmul(step.gradient)?.matmul(&back)?.neg())])
        })
    };
    Ok(record(operation, out, [a], rule, |out| smallvec![out.as_own()]))
}

/// `X` of `A X = B`, or of `X A = B` where it is not `left`. Leading axes broadcast; a vector, or a batch of vectors as `A` has matrices,
/// is a column.
pub(crate) fn solve(a: &Value, b: &Value, left: bool) -> Result<Value> {
    let n = square("solve", a)?;
    let lead = &a.sizes()[..a.layout.rank() - 1];
    let rank = b.layout.rank();
    if rank == 1 || (rank > 1 && b.sizes() == lead) {
        if !left {
            return Err(Error::shape(
                "solve",
                "a matrix on the right for `left` of false",
                describe(b.sizes()),
            ));
        }
        return Ok(solve(a, &b.unsqueeze(rank), true)?.squeeze_last());
    }
    let (rows, columns) = matrices("solve", b)?;
    if (if left { rows } else { columns }) != n {
        let expected = if left {
            format!("[.., {n}, K]")
        } else {
            format!("[.., K, {n}]")
        };
        return Err(Error::shape(
            "solve",
            format!("{expected} for {}", describe(a.sizes())),
            describe(b.sizes()),
        ));
    }
    let (a, b) = with_one_lead("solve", a, b)?;
    if left {
        return primitive(&a, &b);
    }
    // X A = B is A^T X^T = B^T.
    Ok(flip(&primitive(&flip(&a), &flip(&b))?))
}

/// Of batches of one size.
fn primitive(a: &Value, b: &Value) -> Result<Value> {
    on_processor("solve", &[a, b])?;
    let (n, k) = matrices("solve", b)?;
    let count = len(&b.sizes()[..b.layout.rank() - 2]);
    let out = float!(a, T => {
        let (left, mut right) = (a.to_vec::<T>()?, b.to_vec::<T>()?);
        each_matrix!("solve", a, count, |i| {
            lu::solve(n, k, &left[i * n * n..(i + 1) * n * n], &mut right[i * n * k..(i + 1) * n * k])
        });
        Value::from_slice(a.device(), b.sizes(), &right)
    });
    // d_B = A^-T d, d_A = -d_B X^T
    let rule = || {
        Rule::own(move |step| {
            let (a, x) = (&step.saved[0], &step.saved[1]);
            let d_b = primitive(&flip(a), step.gradient)?;
            let d_a = if step.wants(0) {
                Some(d_b.matmul(&flip(x))?.neg())
            } else {
                None
            };
            Ok(smallvec![d_a, Some(d_b)])
        })
    };
    Ok(record("solve", out, [a, b], rule, |out| {
        smallvec![a.clone(), out.as_own()]
    }))
}

impl Value {
    /// The last axis, which has size 1, less.
    pub(super) fn squeeze_last(&self) -> Self {
        self.squeeze(self.layout.rank() - 1)
    }
}
