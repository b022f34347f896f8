//! What the processor has.

use tensor_ops::{Binary, Reduce, Takes};

use crate::device::Operation;
use crate::element::{DType, Kind};

/// What runs here, and for which elements: [`Backend::supports`](crate::device::Backend::supports) of the processor.
pub(super) fn supports(operation: Operation, dtype: DType) -> bool {
    match operation {
        Operation::Fill | Operation::Copy | Operation::Convert => true,
        Operation::Compare(_) | Operation::Select => true,
        Operation::Gather | Operation::Scatter(_) | Operation::Accumulate => true,
        Operation::Binary(op) => dtype.is_float() || dtype.kind() == Kind::Integer && op != Binary::Div,
        Operation::Pair(op) => match op.takes() {
            Takes::Floats => dtype.is_float(),
            Takes::Numbers => dtype.is_float() || dtype.kind() == Kind::Integer,
            Takes::Whole => dtype.kind() == Kind::Integer,
            Takes::Bits => dtype.kind() != Kind::Float,
        },
        Operation::Reduce(op) => dtype.is_float() || dtype == DType::I64 && op != Reduce::Mean,
        Operation::Gemm => dtype.is_float() || dtype == DType::I64,
        Operation::Uniform
        | Operation::Normal
        | Operation::Unary(_)
        | Operation::Math(_)
        | Operation::ArgReduce(_)
        | Operation::Linear
        | Operation::SumRows
        | Operation::Softmax
        | Operation::LogSoftmax
        | Operation::LayerNorm
        | Operation::Cell(_)
        | Operation::Primitive(_)
        | Operation::CrossEntropy
        | Operation::Mse
        | Operation::Sgd
        | Operation::Adam
        | Operation::SumOfSquares
        | Operation::Scale => dtype.is_float(),
    }
}
