//! The graph: a model as operations on values, first as lowered, then with its backward, then fused.

mod print;
mod verify;

pub use verify::verify;

use crate::check::ModelType;
use std::collections::HashSet;
use std::fmt;
use tensor_ops::{Op, Shape};

/// A model as operations. Values are defined once, before they are used.
#[derive(Clone)]
pub struct Graph {
    /// The model's name.
    pub name: String,
    /// What has been done with it, for the printer.
    pub stage: &'static str,
    /// In the order in which they lie in memory, but for those of nested models.
    pub parameters: Vec<Parameter>,
    /// What is kept beside them, in the order in which it lies.
    pub buffers: Vec<Parameter>,
    /// The other models it holds.
    pub programs: Vec<Nested>,
    /// What is known of each value. Values that a pass has removed keep their row until [`Graph::compact`].
    pub values: Vec<Row>,
    /// From the inputs to the outputs.
    pub forward: Vec<Node>,
    /// From the outputs' gradients to the parameters' and the inputs'. Empty in inference.
    pub backward: Vec<Node>,
    /// What the model takes.
    pub inputs: Vec<Value>,
    /// Of each of them, whether it holds whole numbers, by which there is no gradient.
    pub whole: Vec<bool>,
    /// What the model makes.
    pub outputs: Vec<Value>,
    /// Where the gradient by each input ends up, in training; those of whole numbers have none.
    pub input_gradients: Vec<Option<Value>>,
    /// The number of own streams of random numbers.
    pub streams: u32,
    /// Whether the sizes of the model are parameters of its type.
    pub is_generic: bool,
}

/// One operation.
#[derive(Clone)]
pub struct Node {
    /// Which.
    pub op: Op,
    /// What it reads, in the order of the operation's description.
    pub operands: Vec<Operand>,
    /// What it makes: values, then gradients of parameters.
    pub results: Vec<Operand>,
    /// The part of the model that it comes from, `hidden.0`.
    pub part: String,
    /// In backward: the value whose making it reverses, where it reverses one.
    pub reverses: Option<Value>,
}

/// A value of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Value(pub usize);

/// What is known of a value.
#[derive(Clone)]
pub struct Row {
    /// For the emitted code: `hidden_0_out`, `d_hidden_0_out`.
    pub name: String,
    /// Batch first.
    pub shape: Shape,
    /// The value whose elements these are, under another shape.
    pub view_of: Option<Value>,
    /// The value of which this is the gradient.
    pub gradient_of: Option<Value>,
}

/// What an operation reads or makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A value.
    Value(Value),
    /// The parameter at this place of the table.
    Parameter(usize),
    /// The gradient of the parameter at this place of the table.
    Gradient(usize),
    /// The buffer at this place of its table.
    Buffer(usize),
}

/// A parameter, or a buffer, of the model's own.
#[derive(Clone)]
pub struct Parameter {
    /// `hidden.0.weight`.
    pub path: String,
    /// `[128, 64]`.
    pub shape: Shape,
    /// How many nested models lie before it in memory.
    pub programs_before: usize,
}

/// Another model inside this one.
#[derive(Clone)]
pub struct Nested {
    /// The part, `encoder`.
    pub part: String,
    /// Its type.
    pub model: ModelType,
    /// How many of the model's own parameters lie before its parameters in memory.
    pub parameters_before: usize,
    /// How many of its own buffers come before its buffers.
    pub buffers_before: usize,
    /// The entry whose parameters these are, where a part runs once more. Such entries are the last.
    pub shares: Option<usize>,
}

impl Graph {
    /// A new value.
    pub fn add_value(&mut self, name: String, shape: Shape, gradient_of: Option<Value>) -> Value {
        self.values.push(Row {
            name,
            shape,
            view_of: None,
            gradient_of,
        });
        Value(self.values.len() - 1)
    }

    /// What is known of a value.
    pub fn row(&self, value: Value) -> &Row {
        &self.values[value.0]
    }

    /// The shape of an operand.
    pub fn shape(&self, operand: Operand) -> &Shape {
        match operand {
            Operand::Value(value) => &self.row(value).shape,
            Operand::Parameter(parameter) | Operand::Gradient(parameter) => &self.parameters[parameter].shape,
            Operand::Buffer(buffer) => &self.buffers[buffer].shape,
        }
    }

    /// The value whose memory this one's elements lie in.
    pub fn root(&self, value: Value) -> Value {
        self.row(value).view_of.map_or(value, |viewed| self.root(viewed))
    }

    /// The entry of a nested model's part, the first of its calls.
    pub fn first_call(&self, program: usize) -> usize {
        self.programs[program].shares.unwrap_or(program)
    }

    /// How many nested models there are, each counted once.
    pub fn parts(&self) -> usize {
        self.programs.iter().filter(|nested| nested.shares.is_none()).count()
    }

    /// Forward and backward, in the order in which they run.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.forward.iter().chain(&self.backward)
    }

    /// Of each operation of backward, whether a parameter's gradient needs it.
    pub fn teaching(&self) -> Vec<bool> {
        let mut needed: HashSet<Value> = HashSet::new();
        let mut teaches: Vec<bool> = self
            .backward
            .iter()
            .rev()
            .map(|node| {
                let teaches = node.teaches() || node.made().any(|value| needed.contains(&value));
                if teaches {
                    needed.extend(node.read().map(|value| self.root(value)));
                }
                teaches
            })
            .collect();
        teaches.reverse();
        teaches
    }

    /// Numbers values in the order in which they are defined, each view right after what it is a view of, and forgets those
    /// that no operation defines.
    pub fn compact(mut self) -> Graph {
        let mut views: Vec<Vec<Value>> = vec![Vec::new(); self.values.len()];
        for (view, row) in self.values.iter().enumerate() {
            row.view_of.into_iter().for_each(|of| views[of.0].push(Value(view)));
        }
        let mut order = Vec::new();
        let mut pending: Vec<Value> = self.nodes().flat_map(Node::made).collect();
        pending.reverse();
        while let Some(value) = pending.pop() {
            order.push(value);
            pending.extend(views[value.0].iter().rev());
        }
        let mut numbers = vec![None; self.values.len()];
        for (number, value) in order.iter().enumerate() {
            numbers[value.0] = Some(Value(number));
        }
        self.renumber(&order, |value| numbers[value.0]);
        self
    }

    fn renumber(&mut self, order: &[Value], number: impl Fn(Value) -> Option<Value>) {
        let kept =
            |value| number(value).unwrap_or_else(|| unreachable!("verify.rs: {value} is used, so it is defined"));
        let row = |value: &Value| {
            let row = self.row(*value).clone();
            let (view_of, gradient_of) = (row.view_of.and_then(&number), row.gradient_of.and_then(&number));
            Row {
                view_of,
                gradient_of,
                ..row
            }
        };
        self.values = order.iter().map(row).collect();
        for node in self.forward.iter_mut().chain(&mut self.backward) {
            for operand in node.operands.iter_mut().chain(&mut node.results) {
                if let Operand::Value(value) = operand {
                    *value = kept(*value);
                }
            }
            node.reverses = node.reverses.and_then(&number);
        }
        let ends = self.inputs.iter_mut().chain(&mut self.outputs);
        ends.chain(self.input_gradients.iter_mut().flatten())
            .for_each(|value| *value = kept(*value));
    }
}

impl Operand {
    /// The value, if it is one.
    pub fn value(self) -> Option<Value> {
        match self {
            Operand::Value(value) => Some(value),
            Operand::Parameter(_) | Operand::Gradient(_) | Operand::Buffer(_) => None,
        }
    }
}

impl Node {
    /// The values it reads.
    pub fn read(&self) -> impl Iterator<Item = Value> {
        values(&self.operands)
    }

    /// The values it makes.
    pub fn made(&self) -> impl Iterator<Item = Value> {
        values(&self.results)
    }

    /// Its only or main result, if that is a value.
    pub fn result(&self) -> Option<Value> {
        self.made().next()
    }

    /// Whether it makes the gradient of a parameter. A nested model's backward makes those of its own.
    pub fn teaches(&self) -> bool {
        let gradients = self.results.iter().any(|result| matches!(result, Operand::Gradient(_)));
        gradients || matches!(self.op, Op::CallBackward { .. })
    }
}

fn values(operands: &[Operand]) -> impl Iterator<Item = Value> {
    operands.iter().filter_map(|operand| operand.value())
}

/// `%3`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}
