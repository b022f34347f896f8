//! The shape rule of every operation.

use crate::{Misfit, Op, Poly, Shape};

impl Op {
    /// The shapes of the results, values before gradients, from those of the operands in the order of [`Op`]'s descriptions.
    ///
    /// Sizes that only have a name may be any: whether two of them are the same is not decided here.
    /// What no operand tells, the shape of a source, of a nested model's result and of what a flattened value was before, is `None`.
    pub fn shapes(&self, operands: &[&Shape]) -> Result<Option<Vec<Shape>>, Misfit> {
        let signature = self.signature();
        let expected = signature.values + signature.parameters;
        if operands.len() != expected {
            return Err(Misfit::Operands {
                expected,
                found: operands.len(),
            });
        }
        Ok(Some(match (self, operands) {
            (
                Op::Linear {
                    keeps_pre, transposed, ..
                },
                [x, weight, ..],
            ) => {
                let [outputs, inputs] = lying(weight, *transposed);
                same_features(&inputs, x)?;
                let out = x.with_features(outputs);
                vec![out; 1 + usize::from(*keeps_pre)]
            }
            (Op::LayerNorm { keeps_statistics, .. }, [x, weight, ..]) => {
                same_features(&weight.features(), x)?;
                let statistics = Shape::new([x.rows(), Poly::number(2)]);
                [(*x).clone()]
                    .into_iter()
                    .chain(keeps_statistics.then_some(statistics))
                    .collect()
            }
            (Op::Elementwise(_) | Op::Softmax | Op::LogSoftmax, [x, ..]) => vec![(*x).clone()],
            (Op::Flatten, [x, ..]) => vec![x.flattened()],
            (Op::ArgMax, [x, ..]) => vec![x.with_features(Poly::number(1))],
            (Op::LinearInputGradient { transposed }, [d, weight, ..]) => {
                let [outputs, inputs] = lying(weight, *transposed);
                same_features(&outputs, d)?;
                vec![d.with_features(inputs)]
            }
            (Op::LinearWeightGradient, [d, x, ..]) => {
                if !d.rows().may_equal(&x.rows()) {
                    return Err(Misfit::Shapes {
                        expected: (*d).clone(),
                        found: (*x).clone(),
                    });
                }
                vec![Shape::new([d.features(), x.features()])]
            }
            (Op::BiasGradient, [d, ..]) => vec![Shape::new([d.features()])],
            (Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward | Op::Binary(_), _) => {
                // The saved value, if there is one, and the gradient have one shape.
                let (first, last) = (operands[0], operands[operands.len() - 1]);
                if !first.may_equal(last) {
                    return Err(Misfit::Shapes {
                        expected: first.clone(),
                        found: last.clone(),
                    });
                }
                vec![last.clone()]
            }
            (Op::LayerNormBackward, [x, weight, ..]) => {
                same_features(&weight.features(), x)?;
                vec![(*x).clone(), (*weight).clone(), (*weight).clone()]
            }
            (Op::CallBackward { inputs, .. }, all) => all[..*inputs].iter().map(|x| (*x).clone()).collect(),
            (Op::Primitive { primitive, keeps }, _) => {
                let (inputs, parameters) = operands.split_at(primitive.inputs());
                let kept = primitive.kept(inputs).into_iter().map(|(_, shape)| shape);
                let out = primitive.made(inputs, parameters)?.shape;
                [out].into_iter().chain(kept.filter(|_| *keeps)).collect()
            }
            (Op::Spread { over: true }, [x, ..]) => vec![(*x).clone()],
            (Op::Spread { over: false }, [x, parameter]) => {
                let batch = x.axes().first().cloned();
                vec![Shape::new(batch.into_iter().chain(parameter.axes().iter().cloned()))]
            }
            (Op::Input | Op::OutputGradient | Op::Zeros | Op::SpreadBackward, _) => return Ok(None),
            (Op::Call { .. } | Op::Reshape | Op::Unflatten, _) => return Ok(None),
            // What it does not read has no operand that tells its shape.
            (Op::PrimitiveBackward(_), _) => return Ok(None),
            // Too few operands for a pattern above: refused by the count at the beginning.
            (Op::Linear { .. } | Op::LayerNorm { .. } | Op::Elementwise(_) | Op::Softmax | Op::LogSoftmax, _)
            | (Op::Flatten | Op::ArgMax | Op::LinearInputGradient { .. } | Op::Spread { .. }, _)
            | (Op::LinearWeightGradient | Op::BiasGradient | Op::LayerNormBackward, _) => {
                return Err(Misfit::Operands {
                    expected,
                    found: operands.len(),
                });
            }
        }))
    }
}

/// The outputs and the inputs of a weight.
fn lying(weight: &Shape, transposed: bool) -> [Poly; 2] {
    match transposed {
        true => [weight.features(), weight.rows()],
        false => [weight.rows(), weight.features()],
    }
}

/// Of sizes that have names in them rustc says whether they are the same.
fn same_features(expected: &Poly, value: &Shape) -> Result<(), Misfit> {
    let found = value.features();
    if expected.may_equal(&found) {
        Ok(())
    } else {
        Err(Misfit::Features {
            expected: expected.clone(),
            found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Binary;

    fn shape(text: &str) -> Shape {
        Shape::new(
            text.split(' ')
                .map(|size| size.parse().map_or_else(|_| Poly::variable(size), Poly::number)),
        )
    }

    const LINEAR: Op = Op::Linear {
        transposed: false,
        bias: true,
        chain: Vec::new(),
        keeps_pre: false,
    };

    #[test]
    fn linear_acts_on_the_last_axis() {
        let out = LINEAR
            .shapes(&[&shape("batch 4 64"), &shape("8 64"), &shape("8")])
            .unwrap()
            .unwrap();
        assert_eq!(out, [shape("batch 4 8")]);
    }

    #[test]
    fn linear_says_what_it_expected() {
        let misfit = LINEAR
            .shapes(&[&shape("batch 128"), &shape("10 64"), &shape("10")])
            .unwrap_err();
        assert_eq!(misfit.to_string(), "expected 64 features, found 128");
    }

    #[test]
    fn gradients_have_the_shape_of_their_parameters() {
        let (d, x) = (shape("batch 10"), shape("batch 128"));
        assert_eq!(
            Op::LinearWeightGradient.shapes(&[&d, &x]).unwrap().unwrap(),
            [shape("10 128")]
        );
        assert_eq!(Op::BiasGradient.shapes(&[&d]).unwrap().unwrap(), [shape("10")]);
        assert_eq!(
            Op::LinearInputGradient { transposed: false }
                .shapes(&[&d, &shape("10 128")])
                .unwrap()
                .unwrap(),
            [x]
        );
    }

    #[test]
    fn the_number_of_operands_is_checked() {
        assert!(matches!(
            LINEAR.shapes(&[]),
            Err(Misfit::Operands { expected: 3, found: 0 })
        ));
        assert!(matches!(
            Op::Binary(Binary::Add).shapes(&[&shape("3")]),
            Err(Misfit::Operands { expected: 2, found: 1 })
        ));
    }
}
