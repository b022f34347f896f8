//! `lower`: layers become operations.

use super::held::Held;
use crate::check::{Elements, Facts, LayerFact, Resolved};
use crate::graph::{Graph, Nested, Node, Operand, Value};
use std::collections::HashSet;
use tensor_ops::primitive::{Noise, Rows};
use tensor_ops::{Binary, Op, Primitive, Unary};

/// What the graph is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dropout drops.
    Training,
    /// Dropout is nothing, and nothing is kept for a backward.
    Inference,
}

/// What the parts of a model hold, without any operation on it.
pub fn held(name: &str, facts: &Facts) -> Graph {
    Lowering::of_parts(name, facts, Mode::Training).graph
}

/// The operations of a model, from its input to its output.
pub fn lower(name: &str, facts: &Facts, mode: Mode) -> Graph {
    let mut lowering = Lowering::of_parts(name, facts, mode);
    for layer in &facts.layers {
        lowering.current = lowering.values[layer.inputs[0]];
        lowering.layer(layer);
        lowering.values.push(lowering.current);
        let others = std::mem::take(&mut lowering.others);
        lowering.values.extend(others);
    }
    lowering.finish(&facts.outputs)
}

pub(super) struct Lowering {
    pub(super) graph: Graph,
    pub(super) mode: Mode,
    /// The value that a layer takes, then the one it made.
    pub(super) current: Value,
    /// What it made beside that.
    pub(super) others: Vec<Value>,
    /// The model's inputs, then what each layer made.
    pub(super) values: Vec<Value>,
    pub(super) names: HashSet<String>,
    /// What each part holds, in the order in which they are declared.
    pub(super) leaves: Vec<Held>,
}

impl Lowering {
    pub(super) fn new(name: &str, facts: &Facts, mode: Mode) -> Self {
        let graph = Graph {
            name: name.to_owned(),
            stage: match mode {
                Mode::Training => "lowered",
                Mode::Inference => "lowered for inference",
            },
            parameters: Vec::new(),
            buffers: Vec::new(),
            programs: Vec::new(),
            values: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
            inputs: Vec::new(),
            whole: Vec::new(),
            outputs: Vec::new(),
            input_gradients: Vec::new(),
            streams: 0,
            is_generic: !facts.variables.generics().is_empty(),
        };
        // Names that the emitted code has for itself.
        let names = ["batch_size", "pass", "plan", "inputs", "eager"]
            .map(str::to_owned)
            .into();
        let mut lowering = Lowering {
            graph,
            mode,
            current: Value(0),
            others: Vec::new(),
            values: Vec::new(),
            names,
            leaves: Vec::new(),
        };
        for input in &facts.inputs {
            let name = match &facts.inputs[..] {
                [_] => "x_in".to_owned(),
                _ => format!("{}_in", input.name),
            };
            let name = lowering.free_name(name.to_lowercase());
            let value = lowering.graph.add_value(name, input.shape.clone(), None);
            lowering.push(Op::Input, Vec::new(), vec![Operand::Value(value)], &input.name);
            lowering.graph.inputs.push(value);
            lowering.graph.whole.push(matches!(input.elements, Elements::Whole));
            lowering.values.push(value);
        }
        lowering
    }

    fn layer(&mut self, layer: &LayerFact) {
        let held = layer
            .leaf
            .and_then(|leaf| self.leaves.get(leaf))
            .cloned()
            .unwrap_or_default();
        match &layer.resolved {
            Resolved::Inner(inner) if inner.trains && self.mode == Mode::Inference => {}
            Resolved::Inner(inner) => {
                let of = self.leaves.get(inner.leaf).map_or(&[][..], |held| &held.parameters);
                let parameters = inner.parameters.iter().map(|index| of[*index]).collect();
                self.step(layer, &inner.of, parameters);
            }
            resolved => self.step(layer, resolved, held.parameters),
        }
    }

    fn step(&mut self, layer: &LayerFact, resolved: &Resolved, parameters: Vec<Operand>) {
        match resolved {
            Resolved::Linear { bias, transposed, .. } => {
                let op = Op::Linear {
                    transposed: *transposed,
                    bias: *bias,
                    chain: Vec::new(),
                    keeps_pre: false,
                };
                self.operation(layer, op, parameters);
            }
            Resolved::LayerNorm { eps, .. } => {
                let op = Op::LayerNorm {
                    eps: *eps,
                    keeps_statistics: false,
                };
                self.operation(layer, op, parameters);
            }
            Resolved::Elementwise(Unary::Dropout { p, .. }) => self.dropout(layer, *p),
            Resolved::Elementwise(op) => self.operation(layer, Op::Elementwise(vec![*op]), Vec::new()),
            Resolved::Softmax => self.operation(layer, Op::Softmax, Vec::new()),
            Resolved::LogSoftmax => self.operation(layer, Op::LogSoftmax, Vec::new()),
            Resolved::Flatten if layer.input == layer.output => {}
            Resolved::Flatten => self.operation(layer, Op::Flatten, Vec::new()),
            Resolved::Reshape(..) if layer.input == layer.output => {}
            Resolved::Reshape(..) => self.operation(layer, Op::Reshape, Vec::new()),
            // Its operations are the steps that follow.
            Resolved::Identity | Resolved::Composed(_) => {}
            Resolved::Embedding { padding, .. } => {
                let rows = Rows { padding: *padding };
                let (primitive, keeps) = (Primitive::Embedding(rows), false);
                self.operation(layer, Op::Primitive { primitive, keeps }, parameters);
            }
            Resolved::Parameter(_) | Resolved::Buffer(_) => {
                let over = layer.input == layer.output;
                self.operation(layer, Op::Spread { over }, parameters);
            }
            Resolved::Block(block) => {
                let (primitive, keeps) = (self.streamed(block.primitive), false);
                let others = layer.inputs[1..]
                    .iter()
                    .map(|input| Operand::Value(self.values[*input]));
                let rest = others.chain(parameters).collect();
                self.operation(layer, Op::Primitive { primitive, keeps }, rest);
            }
            Resolved::Binary(op) => self.binary(layer, *op),
            Resolved::Model(_) => self.call(layer),
            Resolved::Inner(_) | Resolved::Broken => unreachable!("check/shapes.rs: a broken layer made no fact"),
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

    /// Random numbers with a stream of their own.
    fn streamed(&mut self, primitive: Primitive) -> Primitive {
        let Primitive::Noise(Noise { uniform, .. }) = primitive else {
            return primitive;
        };
        let layer = self.graph.streams;
        self.graph.streams += 1;
        Primitive::Noise(Noise { layer, uniform })
    }

    fn binary(&mut self, layer: &LayerFact, op: Binary) {
        let other = Operand::Value(self.values[layer.inputs[1]]);
        self.operation(layer, Op::Binary(op), vec![other]);
    }

    /// The first call of a part is the entry of its own; each further one has slots and streams of its own, and shares the parameters.
    fn call(&mut self, layer: &LayerFact) {
        let leaf = layer.leaf.and_then(|leaf| self.leaves.get_mut(leaf));
        let Some((first, is_called)) = leaf.and_then(|leaf| leaf.program.as_mut()) else {
            unreachable!("check/resolve.rs: a model is a part")
        };
        let mut program = *first;
        if std::mem::replace(is_called, true) {
            let shares = Some(program);
            program = self.graph.programs.len();
            let entry = self.graph.programs[*first].clone();
            self.graph.programs.push(Nested { shares, ..entry });
        }
        let op = Op::Call {
            program,
            inputs: layer.inputs.len(),
            outputs: 1 + layer.others.len(),
        };
        let others = layer.inputs[1..].iter();
        let rest = others.map(|input| Operand::Value(self.values[*input])).collect();
        self.operation(layer, op, rest);
        for (place, shape) in layer.others.iter().enumerate() {
            let name = self.free_name(format!("{}_out{}", plain_name(&layer.path), place + 1));
            let value = self.graph.add_value(name, shape.clone(), None);
            self.others.push(value);
            if let Some(node) = self.graph.forward.last_mut() {
                node.results.push(Operand::Value(value));
            }
        }
    }

    /// `current = op current, rest`: parameters, or another value.
    fn operation(&mut self, layer: &LayerFact, op: Op, rest: Vec<Operand>) {
        let operands = [vec![Operand::Value(self.current)], rest].concat();
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
        let path = plain_name(part);
        let is_position = path.starts_with(|first: char| first.is_ascii_digit());
        let word: String = op
            .name()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        self.free_name(if is_position {
            format!("{word}_{path}_out")
        } else {
            format!("{path}_out")
        })
    }

    /// A name that no other value has.
    fn free_name(&mut self, mut name: String) -> String {
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// A model must not hand out its input as its output, nor one value as two: where it computes nothing, it copies.
    fn finish(mut self, outputs: &[usize]) -> Graph {
        let mut roots = Vec::new();
        for output in outputs {
            let mut value = self.values[*output];
            let root = self.viewed(value);
            if self.graph.inputs.contains(&root) || roots.contains(&root) {
                let shape = self.graph.row(value).shape.clone();
                let name = self.free_name("copy_out".to_owned());
                let copy = self.graph.add_value(name, shape, None);
                let (from, to) = (vec![Operand::Value(value)], vec![Operand::Value(copy)]);
                self.push(Op::Elementwise(Vec::new()), from, to, "output");
                value = copy;
            } else {
                roots.push(root);
            }
            self.graph.outputs.push(value);
        }
        self.graph
    }

    /// The value of which this is another shape.
    fn viewed(&self, value: Value) -> Value {
        let maker = self.graph.forward.iter().find(|node| node.result() == Some(value));
        let of = maker.filter(|node| matches!(node.op, Op::Flatten | Op::Reshape));
        of.and_then(|node| node.read().next())
            .map_or(value, |of| self.viewed(of))
    }
}

/// `hidden_0` for `hidden.0`.
fn plain_name(path: &str) -> String {
    path.replace('.', "_").to_lowercase()
}
