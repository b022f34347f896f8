//! What an operation costs, in floating-point operations.

use crate::{Op, Poly, Shape};

impl Op {
    /// Floating-point operations of one forward, from the shapes of its operands.
    ///
    /// A multiplication and an addition count as two; an elementwise operation as one an element, softmax as five, a layer
    /// norm as eight. The same count as the common profilers', so that tables can be compared.
    pub fn flops(&self, operands: &[&Shape]) -> Poly {
        let nothing = Poly::number(0);
        let Some(x) = operands.first() else {
            return nothing;
        };
        let each = |count: u64| &Poly::number(count) * &x.elements();
        match self {
            Op::Linear {
                bias,
                chain,
                transposed,
                ..
            } => {
                let outputs = operands.get(1).map_or(nothing, |weight| match transposed {
                    true => weight.features(),
                    false => weight.rows(),
                });
                let one = &(&Poly::number(2) * &x.features()) + &Poly::number(u64::from(*bias) + chain.len() as u64);
                &(&x.rows() * &outputs) * &one
            }
            Op::Elementwise(chain) => each(chain.len() as u64),
            Op::Softmax | Op::LogSoftmax => each(5),
            Op::LayerNorm { .. } => each(8),
            Op::ArgMax | Op::Binary(_) => each(1),
            // No arithmetic, or a nested model's own, which its own table counts.
            Op::Input | Op::Flatten | Op::Reshape | Op::Call { .. } | Op::Spread { .. } => nothing,
            Op::Primitive { primitive, .. } => {
                let (inputs, parameters) = operands.split_at(primitive.inputs().min(operands.len()));
                primitive.flops(inputs, parameters)
            }
            // Backward: not part of any table.
            Op::OutputGradient | Op::LinearInputGradient { .. } | Op::LinearWeightGradient | Op::BiasGradient => {
                nothing
            }
            Op::Zeros => nothing,
            Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => nothing,
            Op::LayerNormBackward
            | Op::SpreadBackward
            | Op::Unflatten
            | Op::CallBackward { .. }
            | Op::PrimitiveBackward(_) => nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_layer_costs_two_a_weight_and_one_a_bias() {
        let sizes = |axes: &[u64]| Shape::new(axes.iter().copied().map(Poly::number));
        let op = Op::Linear {
            transposed: false,
            bias: true,
            chain: Vec::new(),
            keeps_pre: false,
        };
        let flops = op.flops(&[&sizes(&[1, 784]), &sizes(&[128, 784]), &sizes(&[128])]);
        assert_eq!(flops.as_number(), Some(2 * 784 * 128 + 128));
    }
}
