//! The shape rule of every operation.

use crate::{Op, Poly, Shape};
use std::fmt;

/// Why an operation cannot take its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The last axis of the value has another size than the parameters are made for.
    Features {
        /// What the parameters are made for.
        expected: Poly,
        /// What the value has.
        found: Poly,
    },
    /// Two operands that must have one shape have two.
    Shapes {
        /// Of the first.
        expected: Shape,
        /// Of the second.
        found: Shape,
    },
    /// The value has too few or too many axes.
    Axes {
        /// What is needed, `[batch, channels, length]`.
        needs: &'static str,
        /// The shape it has.
        found: Shape,
    },
    /// A kernel is larger than what it goes over.
    Window {
        /// The arithmetic as far as it goes: `(3 + 2*0 - 5)/1 + 1`.
        steps: String,
        /// From the first to the last element of the kernel.
        span: u64,
        /// The size with its zeros.
        padded: u64,
    },
    /// A size has a name, and the windows along it cannot be counted without its number.
    Nameless {
        /// The size.
        size: Poly,
        /// The arithmetic as far as it goes.
        steps: String,
    },
    /// Features that are not queries, keys and values of so many heads.
    Heads {
        /// How many there are.
        features: Poly,
        /// How many heads.
        heads: u64,
    },
    /// A width that so many heads do not divide.
    Width {
        /// The width.
        width: Poly,
        /// How many heads.
        heads: u64,
    },
    /// A transposed convolution that loses all that it makes.
    Nothing {
        /// The arithmetic: `(1 - 1)*1 - 2 + 2 + 0 = 0`.
        steps: String,
    },
    /// There is no such axis behind the batch.
    Axis {
        /// As it is written.
        axis: i64,
        /// The last there is.
        last: u64,
    },
    /// Axes from one to another that lies before it.
    Order {
        /// The one.
        start: u64,
        /// The other.
        end: u64,
    },
    /// An axis that has no two halves.
    Halves {
        /// Its size.
        size: Poly,
    },
    /// An axis that a factor does not divide.
    Factor {
        /// Its size.
        size: Poly,
        /// The factor.
        factor: u64,
    },
    /// Sizes whose product is not what they are to be.
    Product {
        /// The size of the axis.
        size: Poly,
        /// The product.
        product: Poly,
    },
    /// More zeros than half of a window.
    Padding {
        /// How many there are.
        zeros: u64,
        /// How many there may be.
        most: u64,
    },
    /// Channels that do not fall into groups.
    Groups {
        /// `input` or `output`.
        which: &'static str,
        /// How many there are.
        channels: Poly,
        /// How many groups.
        groups: u64,
    },
    /// The number of operands is not the operation's.
    Operands {
        /// By [`Op::signature`].
        expected: usize,
        /// Given.
        found: usize,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::Features { expected, found } => {
                write!(f, "expected {expected} features, found {found}")
            }
            Misfit::Shapes { expected, found } => write!(f, "expected {expected}, found {found}"),
            Misfit::Axes { needs, found } => write!(f, "needs {needs}, found {found}"),
            Misfit::Window { steps, span, padded } => {
                write!(f, "has a kernel that spans {span} over an axis of {padded}: {steps}")
            }
            Misfit::Nameless { size, steps } => {
                write!(
                    f,
                    "cannot count its windows along `{size}`, which has no number here: {steps}"
                )
            }
            Misfit::Nothing { steps } => write!(f, "makes nothing: {steps}"),
            Misfit::Heads { features, heads } => write!(
                f,
                "takes queries, keys and values side by side: {features} features are not 3 * {heads} * a size"
            ),
            Misfit::Axis { axis, last: 1 } => {
                write!(f, "goes along an axis behind the batch, which is 1, found {axis}")
            }
            Misfit::Axis { axis, last } => {
                write!(f, "goes along an axis behind the batch, 1 to {last}, found {axis}")
            }
            Misfit::Order { start, end } => write!(f, "goes from axis {start} to axis {end}, which lies before it"),
            Misfit::Halves { size } => write!(f, "takes the two halves of an axis, and {size} has none"),
            Misfit::Factor { size, factor } => write!(f, "takes sizes that {factor} divides, found {size}"),
            Misfit::Product { size, product } => write!(f, "makes {product} of an axis of {size}"),
            Misfit::Width { width, heads } => write!(f, "has {heads} heads, which do not divide a width of {width}"),
            Misfit::Padding { zeros, most } => {
                write!(
                    f,
                    "has a padding of {zeros}, and at most {most}, half of its window, makes sense"
                )
            }
            Misfit::Groups {
                which,
                channels,
                groups,
            } => write!(
                f,
                "has {channels} {which} channels, which do not fall into {groups} groups"
            ),
            Misfit::Operands { expected, found } => {
                write!(f, "expected {expected} operands, found {found}")
            }
        }
    }
}

impl Misfit {
    /// The argument of the layer that is to be changed; the layer itself where it is none of them.
    pub fn argument(&self) -> Option<&'static str> {
        match self {
            Misfit::Window { .. } => Some("kernel_size"),
            Misfit::Padding { .. } | Misfit::Nothing { .. } => Some("padding"),
            Misfit::Heads { .. } => Some("heads"),
            Misfit::Width { .. } => Some("num_heads"),
            Misfit::Groups { .. } => Some("groups"),
            Misfit::Axis { .. } | Misfit::Halves { .. } => Some("axis"),
            Misfit::Order { .. } => Some("end"),
            Misfit::Factor { .. } => Some("factor"),
            Misfit::Product { .. } => Some("sizes"),
            Misfit::Axes { .. } | Misfit::Nameless { .. } => None,
            Misfit::Features { .. } | Misfit::Shapes { .. } | Misfit::Operands { .. } => None,
        }
    }
}

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
            (Op::Linear { keeps_pre, .. }, [x, weight, ..]) => {
                same_features(&weight.features(), x)?;
                let out = x.with_features(weight.rows());
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
            (Op::LinearInputGradient, [d, weight, ..]) => {
                same_features(&weight.rows(), d)?;
                vec![d.with_features(weight.features())]
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
            (Op::CallBackward { .. }, [x, ..]) => vec![(*x).clone()],
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
            (Op::Input | Op::OutputGradient | Op::Call { .. } | Op::Reshape | Op::Unflatten, _) => return Ok(None),
            (Op::SpreadBackward, _) => return Ok(None),
            // What it does not read has no operand that tells its shape.
            (Op::PrimitiveBackward(_), _) => return Ok(None),
            // Too few operands for a pattern above: refused by the count at the beginning.
            (Op::Linear { .. } | Op::LayerNorm { .. } | Op::Elementwise(_) | Op::Softmax | Op::LogSoftmax, _)
            | (Op::Flatten | Op::ArgMax | Op::LinearInputGradient | Op::Spread { .. }, _)
            | (Op::LinearWeightGradient | Op::BiasGradient | Op::LayerNormBackward | Op::CallBackward { .. }, _) => {
                return Err(Misfit::Operands {
                    expected,
                    found: operands.len(),
                });
            }
        }))
    }
}

fn same_features(expected: &Poly, value: &Shape) -> Result<(), Misfit> {
    let found = value.features();
    if *expected == found {
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
            Op::LinearInputGradient
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
