//! What CUDA devices have.

use tensor_ops::Takes;

use super::steps::{binary, fold, pair, reduce, step, whole, whole_pair};
use crate::device::Operation;
use crate::element::{DType, Kind};

/// What runs here, and for which elements; [`Backend::supports`] of every CUDA device.
pub(crate) fn supports(operation: Operation, dtype: DType) -> bool {
    match operation {
        Operation::Fill | Operation::Copy | Operation::Convert | Operation::Compare(_) | Operation::Select => true,
        Operation::Gather | Operation::Scatter(_) | Operation::Accumulate => true,
        Operation::Pair(op) => match dtype.kind() {
            Kind::Float => dtype.is_float() && pair(op).is_some(),
            Kind::Integer => whole_pair(op).is_some(),
            Kind::Bool => op.takes() == Takes::Bits,
        },
        Operation::Binary(op) => match dtype.kind() {
            Kind::Float => dtype.is_float() && binary(op).is_some(),
            Kind::Integer => whole(op).is_some(),
            Kind::Bool => false,
        },
        Operation::Reduce(op) => dtype.is_float() && reduce(op).is_some() || dtype == DType::I64 && fold(op).is_some(),
        Operation::Unary(op) => step(op, None).is_some() && dtype.is_float(),
        Operation::Gemm => dtype.is_float() || dtype == DType::I64,
        Operation::Math(_)
        | Operation::Uniform
        | Operation::Normal
        | Operation::ArgReduce(_)
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
        Operation::Cell(_) | Operation::Primitive(_) => false,
    }
}
