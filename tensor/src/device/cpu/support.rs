//! What the processor has.

use crate::device::Operation;
use crate::element::DType;

/// What runs here, and for which elements: [`Backend::supports`](crate::device::Backend::supports) of the processor.
pub(super) fn supports(operation: Operation, dtype: DType) -> bool {
    match operation {
        Operation::Fill | Operation::Copy | Operation::Convert => true,
        Operation::Uniform
        | Operation::Normal
        | Operation::Unary(_)
        | Operation::Binary(_)
        | Operation::Reduce(_)
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
    }
}
