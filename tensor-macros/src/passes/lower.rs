//! `lower`: layers become operations.

use crate::check::{Block, Facts, LayerFact, Resolved};
use crate::graph::{Graph, Nested, Node, Operand, Parameter, Value};
use std::collections::HashSet;
use syn::Path;
use tensor_ops::{Op, Poly, Shape, Unary};

/// What the graph is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dropout drops.
    Training,
    /// Dropout is nothing, and nothing is kept for a backward.
    Inference,
}

/// The operations of a model, from its input to its output.
pub fn lower(name: &str, facts: &Facts, mode: Mode) -> Graph {
    let mut lowering = Lowering::new(name, facts, mode);
    for layer in &facts.layers {
        lowering.current = lowering.values[layer.inputs[0]];
        lowering.layer(layer);
        lowering.values.push(lowering.current);
    }
    lowering.current = lowering.values[facts.returned];
    lowering.finish()
}

struct Lowering {
    graph: Graph,
    mode: Mode,
    /// The value that a layer takes, then the one it made.
    current: Value,
    /// The model's input, then what each layer made.
    values: Vec<Value>,
    names: HashSet<String>,
}

impl Lowering {
    fn new(name: &str, facts: &Facts, mode: Mode) -> Self {
        let graph = Graph {
            name: name.to_owned(),
            stage: match mode {
                Mode::Training => "lowered",
                Mode::Inference => "lowered for inference",
            },
            parameters: Vec::new(),
            programs: Vec::new(),
            values: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
            input: Value(0),
            output: Value(0),
            input_gradient: None,
            streams: 0,
        };
        // Names that the emitted code has for itself.
        let names = ["batch_size", "pass", "plan", "x_in"].map(str::to_owned).into();
        let mut lowering = Lowering {
            graph,
            mode,
            current: Value(0),
            values: vec![Value(0)],
            names,
        };
        let input = lowering.graph.add_value("x_in".to_owned(), facts.input.clone(), None);
        lowering.push(Op::Input, Vec::new(), vec![Operand::Value(input)], "input");
        lowering
    }

    fn layer(&mut self, layer: &LayerFact) {
        match &layer.resolved {
            Resolved::Linear { outputs, bias, .. } => {
                let outputs = outputs
                    .clone()
                    .unwrap_or_else(|| unreachable!("check/shapes.rs: a linear without a size made no fact"));
                let inputs = layer.input.features();
                let mut parameters = vec![self.parameter(layer, "weight", [outputs.clone(), inputs])];
                if *bias {
                    parameters.push(self.parameter(layer, "bias", [outputs]));
                }
                self.operation(
                    layer,
                    Op::Linear {
                        bias: *bias,
                        chain: Vec::new(),
                        keeps_pre: false,
                    },
                    parameters,
                );
            }
            Resolved::LayerNorm { eps, .. } => {
                let features = layer.input.features();
                let weight = self.parameter(layer, "weight", [features.clone()]);
                let bias = self.parameter(layer, "bias", [features]);
                self.operation(
                    layer,
                    Op::LayerNorm {
                        eps: *eps,
                        keeps_statistics: false,
                    },
                    vec![weight, bias],
                );
            }
            Resolved::Elementwise(Unary::Dropout { p, .. }) => self.dropout(layer, *p),
            Resolved::Elementwise(op) => self.operation(layer, Op::Elementwise(vec![*op]), Vec::new()),
            Resolved::Softmax => self.operation(layer, Op::Softmax, Vec::new()),
            Resolved::LogSoftmax => self.operation(layer, Op::LogSoftmax, Vec::new()),
            Resolved::Flatten if layer.input == layer.output => {}
            Resolved::Flatten => self.operation(layer, Op::Flatten, Vec::new()),
            Resolved::Reshape(..) if layer.input == layer.output => {}
            Resolved::Reshape(..) => self.operation(layer, Op::Reshape, Vec::new()),
            Resolved::Identity => {}
            Resolved::Block(block) => self.block(layer, block),
            Resolved::Model(path) => self.call(layer, path),
            Resolved::Broken => unreachable!("check/shapes.rs: a broken layer made no fact"),
        }
    }

    /// The stream is counted in inference too, so that both graphs mean the same layer by the same number.
    fn dropout(&mut self, layer: &LayerFact, p: f64) {
        let stream = self.graph.streams;
        self.graph.streams += 1;
        match self.mode {
            Mode::Training => self.operation(
                layer,
                Op::Elementwise(vec![Unary::Dropout { p, layer: stream }]),
                Vec::new(),
            ),
            Mode::Inference => {}
        }
    }

    /// A primitive with its parameters.
    fn block(&mut self, layer: &LayerFact, block: &Block) {
        let primitive = block.primitive;
        let parameters = primitive.parameters().iter().zip(block.shapes(&layer.input));
        let parameters = parameters
            .map(|(name, shape)| self.parameter_of(layer, name, shape))
            .collect();
        let keeps = false;
        self.operation(layer, Op::Primitive { primitive, keeps }, parameters);
    }

    fn call(&mut self, layer: &LayerFact, path: &Path) {
        let program = self.graph.programs.len();
        let parameters_before = self.graph.parameters.len();
        self.graph.programs.push(Nested {
            part: layer.path.clone(),
            model: path.clone(),
            parameters_before,
        });
        self.operation(layer, Op::Call { program }, Vec::new());
    }

    fn parameter<const RANK: usize>(&mut self, layer: &LayerFact, name: &str, sizes: [Poly; RANK]) -> Operand {
        self.parameter_of(layer, name, Shape::new(sizes))
    }

    fn parameter_of(&mut self, layer: &LayerFact, name: &str, shape: Shape) -> Operand {
        let path = format!("{}.{name}", layer.path);
        let programs_before = self.graph.programs.len();
        self.graph.parameters.push(Parameter {
            path,
            shape,
            programs_before,
        });
        Operand::Parameter(self.graph.parameters.len() - 1)
    }

    /// `current = op current, parameters`.
    fn operation(&mut self, layer: &LayerFact, op: Op, parameters: Vec<Operand>) {
        let operands = [vec![Operand::Value(self.current)], parameters].concat();
        let name = self.value_name(&layer.path, &op);
        self.current = self.graph.add_value(name, layer.output.clone(), None);
        self.push(op, operands, vec![Operand::Value(self.current)], &layer.path);
    }

    fn push(&mut self, op: Op, operands: Vec<Operand>, results: Vec<Operand>, part: &str) {
        self.graph.forward.push(Node {
            op,
            operands,
            results,
            part: part.to_owned(),
            reverses: None,
        });
    }

    /// `hidden.0` makes `hidden_0_out`; the third part of a chain without names, a relu, makes `relu_2_out`.
    fn value_name(&mut self, part: &str, op: &Op) -> String {
        let path = part.replace('.', "_").to_lowercase();
        let is_position = path.starts_with(|first: char| first.is_ascii_digit());
        let word: String = op
            .name()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let mut name = if is_position {
            format!("{word}_{path}_out")
        } else {
            format!("{path}_out")
        };
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// A model must not hand out its input as its output: where it computes nothing, it copies.
    fn finish(mut self) -> Graph {
        let computes = !self.is_input(self.current);
        if !computes {
            let shape = self.graph.row(self.current).shape.clone();
            let copy = self.graph.add_value("copy_out".to_owned(), shape, None);
            self.push(
                Op::Elementwise(Vec::new()),
                vec![Operand::Value(self.current)],
                vec![Operand::Value(copy)],
                "output",
            );
            self.current = copy;
        }
        self.graph.output = self.current;
        self.graph
    }

    /// Whether a value is the model's input under whatever shape.
    fn is_input(&self, value: Value) -> bool {
        let maker = self.graph.forward.iter().find(|node| node.result() == Some(value));
        maker.is_some_and(|node| match node.op {
            Op::Input => true,
            Op::Flatten | Op::Reshape => node.read().any(|of| self.is_input(of)),
            _ => false,
        })
    }
}
