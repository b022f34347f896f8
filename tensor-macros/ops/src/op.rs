//! [`Op`]: every operation of the compiler's graph.

use crate::{Binary, Primitive, Saves, Unary, chain};

/// An operation of the graph. The enum is closed: whoever acts on operations names each of them.
///
/// Operands are values of the graph, and parameters or their gradients; [`Op::signature`] says how many of each.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// One of the model's inputs.
    Input,
    /// `x W^T + b`, then the chain: `x, weight[, bias] -> out`, or `-> out, pre` where backward needs the value before the chain.
    Linear {
        /// Whether the weight lies as `[in, out]`: `x W + b`.
        transposed: bool,
        /// Whether there is a `b`.
        bias: bool,
        /// Elementwise operations applied to the result while it is hot. Empty until `fuse`.
        chain: Vec<Unary>,
        /// Whether the value before the chain is a second result.
        keeps_pre: bool,
    },
    /// Elementwise operations, one after the other in one loop: `x -> out`. One until `fuse`; none copies.
    Elementwise(Vec<Unary>),
    /// `exp(x) / sum(exp(x))` over the last axis: `x -> out`.
    Softmax,
    /// `x - log(sum(exp(x)))` over the last axis: `x -> out`.
    LogSoftmax,
    /// `(x - mean) / sqrt(variance + eps) * weight + bias` over the last axis: `x, weight, bias -> out[, statistics]`.
    LayerNorm {
        /// Added to the variance.
        eps: f64,
        /// Whether mean and `1 / std` of each row are a second result, for backward.
        keeps_statistics: bool,
    },
    /// All axes after the first made one: `x -> out`, the same elements.
    Flatten,
    /// Any shape of as many elements: `x -> out`, the same elements.
    Reshape,
    /// An operation over blocks of several axes: `inputs, parameters, buffers -> out[, kept]`.
    Primitive {
        /// Which, with its attributes.
        primitive: Primitive,
        /// Whether what backward wants to know of the forward are further results.
        keeps: bool,
    },
    /// Another model, the `program`-th that this one holds: `inputs -> outputs`.
    Call {
        /// Which of the nested models.
        program: usize,
        /// How many values it takes.
        inputs: usize,
        /// How many it gives.
        outputs: usize,
    },
    /// A parameter or a buffer as a value, the same for every sample: `x, parameter -> out`, where only the sizes of `x` count.
    Spread {
        /// Whether the parameter is repeated along the axes of `x` as well, and not along the batch alone.
        over: bool,
    },
    /// The position of the largest element along the last axis. It has no gradient.
    ArgMax,

    /// The gradient of the loss by one of the model's outputs, with which backward begins.
    OutputGradient,
    /// 0 everywhere: `-> d`, the gradient by what nothing is computed from that has one.
    Zeros,
    /// `d W`: `d, weight -> d_x`.
    LinearInputGradient {
        /// Whether the weight lies as `[in, out]`: `d W^T`.
        transposed: bool,
    },
    /// `d^T x`: `d, x -> gradient of weight`; the other way round for one that lies as `[in, out]`.
    LinearWeightGradient,
    /// The sum of `d` over its rows: `d -> gradient of bias`.
    BiasGradient,
    /// `d` times the chain's derivative: `saved, d -> d_x`, or `d -> d_x` where the chain saves nothing.
    ElementwiseBackward(Vec<Unary>),
    /// `out (d - sum(out d))`: `out, d -> d_x`.
    SoftmaxBackward,
    /// `d - exp(out) sum(d)`: `out, d -> d_x`.
    LogSoftmaxBackward,
    /// `x, weight, statistics, d -> d_x, gradient of weight, gradient of bias`.
    LayerNormBackward,
    /// The shape from before [`Op::Flatten`] or [`Op::Reshape`]: `d -> d_x`, the same elements.
    Unflatten,
    /// The backward of a primitive: `[inputs,] [out,] kept, d[, parameters] -> d_inputs, gradients of parameters`.
    PrimitiveBackward(Primitive),
    /// The backward of another model: `inputs, outputs, d_outputs -> d_inputs`; the gradients of its parameters are its own affair.
    CallBackward {
        /// Which of the nested models.
        program: usize,
        /// How many values it takes.
        inputs: usize,
        /// How many it gives.
        outputs: usize,
    },
    /// The sum over all that [`Op::Spread`] has repeated: `d -> gradient of parameter`.
    SpreadBackward,
    /// `a + b` and the like, of two values of one shape: `a, b -> out`. A sum is also where two gradients of one value meet.
    Binary(Binary),
}

/// How an operation may be joined with its neighbours, and what it costs to leave it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Comes from outside.
    Source,
    /// The same elements under another shape: no code at all.
    View,
    /// Each element by itself: joins the chain of its neighbour.
    Elementwise,
    /// A matrix product: takes a chain of elementwise operations into its last step.
    Product,
    /// Each row by itself.
    Row,
    /// A block of several axes.
    Block,
    /// Another model.
    Call,
}

/// How many operands an operation has, and how many results, of values and of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Values it reads, before the parameters except where the description of the operation says otherwise.
    pub values: usize,
    /// Parameters and buffers it reads.
    pub parameters: usize,
    /// Values it makes.
    pub results: usize,
    /// Gradients of parameters it makes.
    pub gradients: usize,
}

impl Op {
    /// Its name in the printed graph.
    pub fn name(&self) -> String {
        match self {
            Op::Input => "input".to_owned(),
            Op::Linear { chain, .. } if chain.is_empty() => "linear".to_owned(),
            Op::Linear { chain, .. } => format!("linear + {}", chain::text(chain)),
            Op::Elementwise(chain) if chain.is_empty() => "copy".to_owned(),
            Op::Elementwise(chain) => chain::text(chain),
            Op::Softmax => "softmax".to_owned(),
            Op::LogSoftmax => "log_softmax".to_owned(),
            Op::LayerNorm { eps, .. } => format!("layer_norm(eps = {eps:?})"),
            Op::Flatten => "flatten".to_owned(),
            Op::Reshape => "reshape".to_owned(),
            Op::Primitive { primitive, .. } => primitive.text(&[]),
            Op::PrimitiveBackward(primitive) => format!("backward of {}", primitive.text(&[])),
            Op::Call { program, .. } => format!("call {program}"),
            Op::Spread { .. } => "spread".to_owned(),
            Op::SpreadBackward => "spread_backward".to_owned(),
            Op::ArgMax => "argmax".to_owned(),
            Op::OutputGradient => "output_gradient".to_owned(),
            Op::Zeros => "zeros".to_owned(),
            Op::LinearInputGradient { .. } => "linear_input_gradient".to_owned(),
            Op::LinearWeightGradient => "linear_weight_gradient".to_owned(),
            Op::BiasGradient => "bias_gradient".to_owned(),
            Op::ElementwiseBackward(chain) if chain.is_empty() => "copy".to_owned(),
            Op::ElementwiseBackward(chain) => format!("backward of {}", chain::text(chain)),
            Op::SoftmaxBackward => "softmax_backward".to_owned(),
            Op::LogSoftmaxBackward => "log_softmax_backward".to_owned(),
            Op::LayerNormBackward => "layer_norm_backward".to_owned(),
            Op::Unflatten => "unflatten".to_owned(),
            Op::CallBackward { program, .. } => format!("call_backward {program}"),
            Op::Binary(op) => op.name().to_owned(),
        }
    }

    /// How many operands and results.
    pub fn signature(&self) -> Signature {
        let (values, parameters, results, gradients) = match self {
            Op::Input | Op::OutputGradient | Op::Zeros => (0, 0, 1, 0),
            Op::Linear { bias, keeps_pre, .. } => (1, 1 + usize::from(*bias), 1 + usize::from(*keeps_pre), 0),
            Op::LayerNorm { keeps_statistics, .. } => (1, 2, 1 + usize::from(*keeps_statistics), 0),
            Op::Elementwise(_) | Op::Softmax | Op::LogSoftmax | Op::Flatten => (1, 0, 1, 0),
            Op::Call { inputs, outputs, .. } => (*inputs, 0, *outputs, 0),
            Op::ArgMax | Op::Reshape | Op::Unflatten => (1, 0, 1, 0),
            Op::Primitive { primitive, keeps } => {
                let kept = if *keeps { primitive.kept_count() } else { 0 };
                let parameters = primitive.parameters().len() + primitive.buffers().len();
                (primitive.inputs(), parameters, 1 + kept, 0)
            }
            Op::PrimitiveBackward(primitive) => {
                let (needs, inputs) = (primitive.needs(), primitive.inputs());
                let parameters = primitive.parameters().len();
                let values =
                    if needs.inputs { inputs } else { 0 } + usize::from(needs.output) + primitive.kept_count() + 1;
                (
                    values,
                    if needs.parameters { parameters } else { 0 },
                    primitive.gradients(),
                    parameters,
                )
            }
            Op::LinearInputGradient { .. } => (1, 1, 1, 0),
            Op::Spread { .. } => (1, 1, 1, 0),
            Op::LinearWeightGradient => (2, 0, 0, 1),
            Op::BiasGradient | Op::SpreadBackward => (1, 0, 0, 1),
            Op::ElementwiseBackward(chain) => (1 + usize::from(chain::saves(chain) != Saves::Nothing), 0, 1, 0),
            Op::SoftmaxBackward | Op::LogSoftmaxBackward | Op::Binary(_) => (2, 0, 1, 0),
            Op::LayerNormBackward => (3, 1, 1, 2),
            Op::CallBackward { inputs, outputs, .. } => (inputs + 2 * outputs, 0, *inputs, 0),
        };
        Signature {
            values,
            parameters,
            results,
            gradients,
        }
    }

    /// How it may be joined with its neighbours.
    pub fn class(&self) -> Class {
        match self {
            Op::Input | Op::OutputGradient | Op::Zeros => Class::Source,
            Op::Flatten | Op::Reshape | Op::Unflatten => Class::View,
            Op::Primitive { .. } | Op::PrimitiveBackward(_) | Op::Spread { .. } | Op::SpreadBackward => Class::Block,
            Op::Elementwise(_) | Op::ElementwiseBackward(_) | Op::Binary(_) => Class::Elementwise,
            Op::Linear { .. } | Op::LinearInputGradient { .. } | Op::LinearWeightGradient => Class::Product,
            Op::Softmax | Op::LogSoftmax | Op::LayerNorm { .. } | Op::ArgMax | Op::BiasGradient => Class::Row,
            Op::SoftmaxBackward | Op::LogSoftmaxBackward | Op::LayerNormBackward => Class::Row,
            Op::Call { .. } | Op::CallBackward { .. } => Class::Call,
        }
    }

    /// Whether a gradient passes through it. Second order is the tape's, so the operations of backward have none here.
    pub fn is_differentiable(&self) -> bool {
        match self {
            Op::Input | Op::Linear { .. } | Op::Softmax | Op::LogSoftmax | Op::LayerNorm { .. } => true,
            Op::Flatten | Op::Reshape | Op::Call { .. } | Op::Binary(_) | Op::Primitive { .. } => true,
            Op::Elementwise(chain) => !chain.iter().any(|op| matches!(op, Unary::Sign)),
            Op::Spread { .. } => true,
            Op::ArgMax | Op::SpreadBackward => false,
            Op::OutputGradient | Op::LinearInputGradient { .. } | Op::LinearWeightGradient | Op::BiasGradient => false,
            Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => false,
            Op::LayerNormBackward | Op::Unflatten | Op::CallBackward { .. } | Op::PrimitiveBackward(_) => false,
            Op::Zeros => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_op_without_gradient_says_so() {
        assert!(!Op::ArgMax.is_differentiable());
        assert!(!Op::Elementwise(vec![Unary::Sign]).is_differentiable());
        assert!(Op::Elementwise(vec![Unary::Relu]).is_differentiable());
    }

    #[test]
    fn a_fused_name_tells_its_parts() {
        let op = Op::Linear {
            transposed: false,
            bias: true,
            chain: vec![Unary::Relu, Unary::Dropout { p: 0.5, layer: 0 }],
            keeps_pre: false,
        };
        assert_eq!(op.name(), "linear + relu + dropout(0.5)");
    }
}
