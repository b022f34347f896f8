//! What a device can be asked to do, as a value: what [`Backend::supports`](crate::device::Backend::supports) answers for.

use tensor_ops::{Binary, Compare, Math, Pair, Primitive, Reduce, Unary};

use crate::kernels::cells::Cell;
use crate::kernels::indexed::Scatter;
use crate::kernels::reduce::Extreme;

/// An operation of the seam. The set is closed: a backend matches it without `_`, so that the compiler lists a new one until
/// every device has it or says that it has not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// One value everywhere.
    Fill,
    /// A copy, from any strides to any strides.
    Copy,
    /// A copy to another element type.
    Convert,
    /// Uniform numbers.
    Uniform,
    /// Normal numbers.
    Normal,
    /// An elementwise operation and its gradient, alone or within a chain.
    Unary(Unary),
    /// An elementwise operation of two operands, with broadcasting.
    Binary(Binary),
    /// A function of one number.
    Math(Math),
    /// A function of two numbers, with broadcasting.
    Pair(Pair),
    /// A comparison.
    Compare(Compare),
    /// One of two elements, by a truth value.
    Select,
    /// Elements by their places along an axis.
    Gather,
    /// Elements to their places along an axis.
    Scatter(Scatter),
    /// A sum into a view whose elements may share a place: the gradient of views.
    Accumulate,
    /// A reduction along any axes.
    Reduce(Reduce),
    /// The place of an extreme element.
    ArgReduce(Extreme),
    /// A matrix product.
    Gemm,
    /// A linear layer with what is fused into it.
    Linear,
    /// The sum of the rows of a matrix.
    SumRows,
    /// The softmax of each row and its gradient.
    Softmax,
    /// The logarithm of the softmax of each row and its gradient.
    LogSoftmax,
    /// Layer normalisation and its gradients.
    LayerNorm,
    /// A step of a recurrent layer and its gradient.
    Cell(Cell),
    /// An operation over blocks of several axes in a compiled model, and its gradients.
    Primitive(Primitive),
    /// The cross-entropy with its gradient.
    CrossEntropy,
    /// The mean squared error with its gradient.
    Mse,
    /// A step of stochastic gradient descent.
    Sgd,
    /// A step of Adam.
    Adam,
    /// The sum of the squares of all elements.
    SumOfSquares,
    /// A multiplication in place.
    Scale,
}

impl Operation {
    /// Every operation there is, with some attributes where an operation has any.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Fill, Self::Copy, Self::Convert, Self::Uniform, Self::Normal];
        all.extend(Unary::ALL.map(Self::Unary));
        all.extend(Binary::ALL.map(Self::Binary));
        all.extend(Math::ALL.map(Self::Math));
        all.extend(Pair::ALL.map(Self::Pair));
        all.extend(Compare::ALL.map(Self::Compare));
        all.extend([Self::Select, Self::Gather, Self::Accumulate]);
        all.extend(Scatter::ALL.map(Self::Scatter));
        all.extend(Reduce::ALL.map(Self::Reduce));
        all.extend([Extreme::Max, Extreme::Min].map(Self::ArgReduce));
        all.extend(Primitive::each().into_iter().map(Self::Primitive));
        all.extend([
            Self::Gemm,
            Self::Linear,
            Self::SumRows,
            Self::Softmax,
            Self::LogSoftmax,
            Self::LayerNorm,
        ]);
        all.extend(Cell::ALL.map(Self::Cell));
        all.extend([
            Self::CrossEntropy,
            Self::Mse,
            Self::Sgd,
            Self::Adam,
            Self::SumOfSquares,
            Self::Scale,
        ]);
        all
    }

    /// The name that messages and tables have for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Copy => "copy",
            Self::Convert => "cast",
            Self::Uniform => "rand",
            Self::Normal => "randn",
            Self::Unary(op) => op.name(),
            // `pow` is that of a fixed power.
            Self::Binary(Binary::Pow) => "pow_tensor",
            Self::Binary(op) => op.name(),
            Self::Math(op) => op.name(),
            Self::Pair(op) => op.name(),
            Self::Compare(op) => op.name(),
            Self::Select => "select",
            Self::Gather => "gather",
            Self::Scatter(how) => how.name(),
            Self::Accumulate => "accumulate",
            Self::Reduce(op) => op.name(),
            Self::ArgReduce(Extreme::Max) => "argmax",
            Self::ArgReduce(Extreme::Min) => "argmin",
            Self::Gemm => "matmul",
            Self::Linear => "linear",
            Self::SumRows => "sum_rows",
            Self::Softmax => "softmax",
            Self::LogSoftmax => "log_softmax",
            Self::LayerNorm => "layer_norm",
            Self::Cell(kind) => kind.name(),
            Self::Primitive(primitive) => primitive.name(),
            Self::CrossEntropy => "cross_entropy",
            Self::Mse => "mse_loss",
            Self::Sgd => "sgd",
            Self::Adam => "adam",
            Self::SumOfSquares => "clip_grad_norm",
            Self::Scale => "scale",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_listed_once() {
        let names: Vec<&str> = Operation::all().into_iter().map(Operation::name).collect();
        let different = names.iter().enumerate().all(|(i, name)| !names[..i].contains(name));
        assert!(different, "{names:?}");
        for operation in Operation::all() {
            // A new operation has the compiler stop here: give it its place in `all`, and then here.
            match operation {
                Operation::Fill | Operation::Copy | Operation::Convert | Operation::Uniform | Operation::Normal => {}
                Operation::Unary(_) | Operation::Binary(_) | Operation::Reduce(_) | Operation::ArgReduce(_) => {}
                Operation::Math(_) | Operation::Pair(_) | Operation::Compare(_) | Operation::Select => {}
                Operation::Gather | Operation::Scatter(_) | Operation::Accumulate => {}
                Operation::Gemm | Operation::Linear | Operation::SumRows => {}
                Operation::Softmax | Operation::LogSoftmax | Operation::LayerNorm => {}
                Operation::Cell(_) | Operation::CrossEntropy | Operation::Mse => {}
                Operation::Primitive(_) => {}
                Operation::Sgd | Operation::Adam | Operation::SumOfSquares | Operation::Scale => {}
            }
        }
        assert_eq!(
            names.len(),
            20 + Unary::ALL.len()
                + Binary::ALL.len()
                + Math::ALL.len()
                + Pair::ALL.len()
                + Compare::ALL.len()
                + Scatter::ALL.len()
                + Reduce::ALL.len()
                + Cell::ALL.len()
                + Primitive::each().len()
                + 2
        );
    }
}
