//! What the parts of a model hold, laid out in the order in which they are declared.

use super::lower::{Lowering, Mode};
use crate::check::{Facts, LayerFact, Resolved};
use crate::graph::{Nested, Operand, Parameter};
use tensor_ops::{Poly, Shape};

/// What a part holds.
#[derive(Clone, Default)]
pub(super) struct Held {
    /// Parameters, then buffers.
    pub(super) parameters: Vec<Operand>,
    /// Which of the nested models it is, and whether one of its calls is lowered already.
    pub(super) program: Option<(usize, bool)>,
}

impl Lowering {
    /// With what the parts hold.
    pub(super) fn of_parts(name: &str, facts: &Facts, mode: Mode) -> Self {
        let mut lowering = Lowering::new(name, facts, mode);
        for (leaf, fact) in (0..).map_while(|leaf| Some((leaf, facts.leaf(leaf)?))) {
            let held = match facts.is_tied(leaf) {
                true => Held::default(),
                false => lowering.held(fact),
            };
            lowering.leaves.push(held);
        }
        for (tied, of) in &facts.ties {
            lowering.leaves[*tied].parameters = lowering.leaves[*of].parameters[..1].to_vec();
        }
        lowering
    }

    /// The parameters of a part, or the model that it is.
    fn held(&mut self, leaf: &LayerFact) -> Held {
        let mut held = Held::default();
        match &leaf.resolved {
            Resolved::Linear { bias, transposed, .. } => {
                let (inputs, outputs) = (leaf.input.features(), leaf.output.features());
                let lies = match transposed {
                    true => [inputs, outputs.clone()],
                    false => [outputs.clone(), inputs],
                };
                held.parameters.push(self.parameter(leaf, "weight", lies));
                if *bias {
                    held.parameters.push(self.parameter(leaf, "bias", [outputs]));
                }
            }
            Resolved::Embedding { num, .. } => {
                let sizes = [num.clone().unwrap_or_default(), leaf.output.features()];
                held.parameters = vec![self.parameter(leaf, "weight", sizes)];
            }
            Resolved::Parameter(sizes) => {
                let shape = Shape::new(sizes.iter().cloned());
                held.parameters = vec![self.parameter_at(leaf.path.clone(), shape)];
            }
            Resolved::Buffer(sizes) => {
                let shape = Shape::new(sizes.iter().cloned());
                held.parameters = vec![self.buffer_at(leaf.path.clone(), shape)];
            }
            Resolved::LayerNorm { .. } => {
                let features = leaf.input.features();
                let weight = self.parameter(leaf, "weight", [features.clone()]);
                held.parameters = vec![weight, self.parameter(leaf, "bias", [features])];
            }
            Resolved::Block(block) => {
                let parameters = block.primitive.parameters().iter().zip(block.shapes(&leaf.input));
                held.parameters = parameters
                    .map(|(name, shape)| self.parameter_of(leaf, name, shape))
                    .collect();
                let buffers = block.primitive.buffers().iter();
                for (name, shape) in buffers.zip(block.primitive.buffer_shapes(&[&block.expected(&leaf.input)])) {
                    let buffer = self.buffer_at(format!("{}.{name}", leaf.path), shape);
                    held.parameters.push(buffer);
                }
            }
            Resolved::Composed(composed) => {
                let steps = composed
                    .steps(
                        &[std::slice::from_ref(&leaf.input), &leaf.beside].concat(),
                        // Which values are the same does not change what it holds.
                        &(0..=leaf.beside.len()).collect::<Vec<usize>>(),
                        1,
                    )
                    .unwrap_or_else(|misfit| unreachable!("check/compositions.rs: {misfit}"));
                held.parameters = steps
                    .parameters
                    .into_iter()
                    .map(|(name, shape)| self.parameter_of(leaf, &name, shape))
                    .collect();
            }
            Resolved::Model(model) => {
                held.program = Some((self.graph.programs.len(), false));
                self.graph.programs.push(Nested {
                    part: leaf.path.clone(),
                    model: model.clone(),
                    parameters_before: self.graph.parameters.len(),
                    buffers_before: self.graph.buffers.len(),
                    shares: None,
                });
            }
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax | Resolved::Flatten => {}
            Resolved::Reshape(..) | Resolved::Identity | Resolved::Binary(_) => {}
            Resolved::Inner(_) | Resolved::Broken => {}
        }
        held
    }

    fn parameter<const RANK: usize>(&mut self, layer: &LayerFact, name: &str, sizes: [Poly; RANK]) -> Operand {
        self.parameter_of(layer, name, Shape::new(sizes))
    }

    fn parameter_of(&mut self, layer: &LayerFact, name: &str, shape: Shape) -> Operand {
        self.parameter_at(format!("{}.{name}", layer.path), shape)
    }

    fn parameter_at(&mut self, path: String, shape: Shape) -> Operand {
        let programs_before = self.graph.programs.len();
        self.graph.parameters.push(Parameter {
            path,
            shape,
            programs_before,
        });
        Operand::Parameter(self.graph.parameters.len() - 1)
    }

    fn buffer_at(&mut self, path: String, shape: Shape) -> Operand {
        let programs_before = self.graph.programs.len();
        self.graph.buffers.push(Parameter {
            path,
            shape,
            programs_before,
        });
        Operand::Buffer(self.graph.buffers.len() - 1)
    }
}
