//! What CUDA devices have.

use super::steps::{binary, function, reduce, step};
use crate::device::Operation;
use crate::element::DType;

/// What runs here, and for which elements; [`Backend::supports`] of every CUDA device.
pub(crate) fn supports(operation: Operation, dtype: DType) -> bool {
    match operation {
        Operation::Fill | Operation::Copy | Operation::Convert | Operation::Compare(_) | Operation::Select => true,
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
        Operation::Pair(_) | Operation::Gather | Operation::Scatter(_) | Operation::Accumulate | Operation::Cell(_) => {
            false
        }
        Operation::Primitive(_) => false,
        Operation::Math(op) => function(op).is_some() && dtype.is_float(),
        Operation::Unary(op) => step(op, None).is_some() && dtype.is_float(),
        Operation::Binary(op) => binary(op).is_some() && dtype.is_float(),
        Operation::Reduce(op) => reduce(op).is_some() && dtype.is_float(),
    }
}
