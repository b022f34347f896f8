//! What CUDA devices have.

use super::steps::{binary, reduce, step};
use crate::device::Operation;
use crate::element::DType;

/// What runs here, and for which elements; [`Backend::supports`] of every CUDA device.
pub(crate) fn supports(operation: Operation, dtype: DType) -> bool {
    match operation {
        Operation::Fill | Operation::Copy | Operation::Convert => dtype.is_float() || dtype == DType::I64,
        Operation::Uniform
        | Operation::Normal
        | Operation::ArgReduce(_)
        | Operation::Gemm
        | Operation::Linear
        | Operation::SumRows
        | Operation::Softmax
        | Operation::LogSoftmax
        | Operation::LayerNorm
        | Operation::CrossEntropy
        | Operation::Mse
        | Operation::Sgd
        | Operation::Adam
        | Operation::SumOfSquares
        | Operation::Scale => dtype.is_float(),
        // There are no kernels for these yet.
        Operation::Math(_) | Operation::Pair(_) | Operation::Compare(_) | Operation::Select => false,
        Operation::Gather | Operation::Scatter(_) | Operation::Accumulate => false,
        Operation::Unary(op) => step(op, None).is_some() && dtype.is_float(),
        Operation::Binary(op) => binary(op).is_some() && dtype.is_float(),
        Operation::Reduce(op) => reduce(op).is_some() && dtype.is_float(),
    }
}
