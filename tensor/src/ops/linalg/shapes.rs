//! Parts of matrices: triangles, diagonals, transposes.

use tensor_ops::Compare;

use crate::device::Device;
use crate::element::DType;
use crate::error::Result;
use crate::ops::diagonal::diag_embed;
use crate::ops::triangle::{Side, triangle};
use crate::tape::Value;

/// The last two axes exchanged.
pub(crate) fn flip(x: &Value) -> Value {
    let rank = x.layout.rank();
    x.transpose(rank - 2, rank - 1)
}

/// The lower triangle: what lies on or below the diagonal number `k`, zeros elsewhere.
pub(crate) fn lower(x: &Value, k: isize) -> Result<Value> {
    triangle(Side::Lower, x, k)
}

/// The upper triangle: what lies on or above the diagonal number `k`, zeros elsewhere.
pub(crate) fn upper(x: &Value, k: isize) -> Result<Value> {
    triangle(Side::Upper, x, k)
}

/// The matrices with the last axis on the diagonal.
pub(crate) fn on_diagonal(x: &Value) -> Result<Value> {
    diag_embed(x, 0, -2, -1)
}

/// The identity.
pub(crate) fn eye(device: Device, dtype: DType, n: usize) -> Value {
    let cells: Vec<bool> = (0..n * n).map(|at| at / n == at % n).collect();
    Value::from_slice(device, &[n, n], &cells).cast(dtype)
}

/// The lower triangle, mirrored at the diagonal into the upper one.
pub(crate) fn mirrored(x: &Value) -> Result<Value> {
    lower(x, 0)?.add(&flip(&lower(x, -1)?))
}

/// `x / gap`, and 0 where `x` is: nothing that does not turn needs a gap.
pub(crate) fn quotient(x: &Value, gap: &Value) -> Result<Value> {
    let gap = gap.expand("div", x.sizes())?;
    let nothing = x.compare_to(Compare::Eq, 0.0);
    x.div(&nothing.select(&gap.constant(1.0), &gap)?)
}
