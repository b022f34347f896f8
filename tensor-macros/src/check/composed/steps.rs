//! [`Steps`]: the operations of a composed layer, written one after the other.

use crate::check::resolved::{Block, Resolved, Wanted};
use proc_macro2::Span;
use tensor_ops::primitive::{Permute, Select, Slice};
use tensor_ops::{Binary, Misfit, Poly, Primitive, Shape, Unary};

/// The operations of a composed layer. Values are numbers: first its inputs, mostly one, then what each step makes.
pub struct Steps {
    /// What it holds: names, and shapes.
    pub parameters: Vec<(String, Shape)>,
    /// In the order in which they run.
    pub all: Vec<Step>,
    /// What comes out, the first being what the layer makes where one value is taken.
    pub made: Vec<usize>,
    inputs: Vec<Shape>,
    /// Of each of them, the first that is the same value.
    twins: Vec<usize>,
}

/// One operation.
pub struct Step {
    /// Which.
    pub of: Resolved,
    /// The values that it takes.
    pub inputs: Vec<usize>,
    /// Which of the parameters it reads.
    pub parameters: Vec<usize>,
    /// What it makes.
    pub output: Shape,
    /// Whether it is nothing outside of training.
    pub trains: bool,
}

impl Steps {
    pub(super) fn new(inputs: Vec<Shape>, twins: &[usize]) -> Self {
        Steps {
            parameters: Vec::new(),
            all: Vec::new(),
            made: Vec::new(),
            inputs,
            twins: twins.to_vec(),
        }
    }

    /// The first input that is the same value as another.
    pub(super) fn twin(&self, input: usize) -> usize {
        self.twins[input]
    }

    /// How many values it takes.
    pub(super) fn inputs(&self) -> usize {
        self.inputs.len()
    }

    /// Its primitives, each with the shapes of what it takes and of its parameters.
    pub fn primitives(&self) -> impl Iterator<Item = (&Primitive, Vec<&Shape>, Vec<&Shape>)> {
        self.all.iter().filter_map(|step| match &step.of {
            Resolved::Block(block) => {
                let inputs = step.inputs.iter().map(|input| self.shape(*input)).collect();
                let parameters = step.parameters.iter().map(|index| &self.parameters[*index].1);
                Some((&block.primitive, inputs, parameters.collect()))
            }
            _ => None,
        })
    }

    /// The shape of a value.
    pub fn shape(&self, value: usize) -> &Shape {
        let step = value.checked_sub(self.inputs.len());
        step.map_or_else(|| &self.inputs[value], |step| &self.all[step].output)
    }

    /// The place of an axis behind the batch, from the front or, below 0, from the back.
    pub(super) fn axis(&self, value: usize, axis: i64) -> Result<usize, Misfit> {
        let rank = self.shape(value).axes().len() as i64;
        let place = if axis < 0 { axis + rank } else { axis };
        match (1..rank).contains(&place) {
            true => Ok(place as usize),
            false => Err(Misfit::Axis {
                axis,
                last: rank as u64 - 1,
            }),
        }
    }

    fn push(&mut self, of: Resolved, inputs: Vec<usize>, output: Shape) -> usize {
        self.all.push(Step {
            of,
            inputs,
            parameters: Vec::new(),
            output,
            trains: false,
        });
        self.inputs.len() + self.all.len() - 1
    }

    /// A parameter of the layer; those of a part of it are called `linear1.weight`.
    pub(super) fn parameter<const RANK: usize>(&mut self, name: String, sizes: [&Poly; RANK]) -> usize {
        self.parameters.push((name, Shape::new(sizes.map(Poly::clone))));
        self.parameters.len() - 1
    }

    /// Weight and bias of a part of it, `[outputs, inputs]` and `[outputs]`.
    pub(super) fn affine(&mut self, part: &str, sizes: &[&Poly]) -> [usize; 2] {
        let shape = Shape::new(sizes.iter().copied().cloned());
        self.parameters.push((format!("{part}weight"), shape));
        [
            self.parameters.len() - 1,
            self.parameter(format!("{part}bias"), [sizes[0]]),
        ]
    }

    /// `x weight^T + bias` over the last axis.
    pub(super) fn linear(&mut self, x: usize, parameters: &[usize]) -> usize {
        let outputs = self.parameters[parameters[0]].1.axes()[0].clone();
        let output = self.shape(x).with_features(outputs.clone());
        // What it takes is compared where the layer is.
        let inputs = Wanted {
            size: None,
            is_inferred: true,
            span: Span::mixed_site(),
        };
        let of = Resolved::Linear {
            inputs,
            outputs: Some(outputs),
            bias: parameters.len() > 1,
            transposed: false,
        };
        self.with_parameters(of, x, parameters, output)
    }

    /// The norm of the last axis.
    pub(super) fn layer_norm(&mut self, x: usize, eps: f64, parameters: [usize; 2]) -> usize {
        let output = self.shape(x).clone();
        let features = Wanted {
            size: None,
            is_inferred: true,
            span: Span::mixed_site(),
        };
        self.with_parameters(Resolved::LayerNorm { features, eps }, x, &parameters, output)
    }

    fn with_parameters(&mut self, of: Resolved, x: usize, parameters: &[usize], output: Shape) -> usize {
        let made = self.push(of, vec![x], output);
        self.taught(parameters);
        made
    }

    /// The parameters of the last step.
    fn taught(&mut self, parameters: &[usize]) {
        if let Some(step) = self.all.last_mut() {
            step.parameters = parameters.to_vec();
        }
    }

    /// Nothing where `p` is 0.
    pub(super) fn dropout(&mut self, p: f64, x: usize) -> usize {
        match p > 0.0 {
            true => self.unary(Unary::Dropout { p, layer: 0 }, x),
            false => x,
        }
    }

    /// A primitive of values, and of some of the parameters.
    pub(super) fn primitive(
        &mut self,
        primitive: Primitive,
        inputs: &[usize],
        parameters: &[usize],
    ) -> Result<usize, Misfit> {
        let values: Vec<&Shape> = inputs.iter().map(|input| self.shape(*input)).collect();
        primitive.check_axes(values[0])?;
        let shapes: Vec<&Shape> = parameters.iter().map(|index| &self.parameters[*index].1).collect();
        let output = primitive.made(&values, &shapes)?.shape;
        let block = Block {
            primitive,
            takes: None,
            makes: None,
            arguments: Vec::new(),
        };
        let made = self.push(Resolved::Block(Box::new(block)), inputs.to_vec(), output);
        self.taught(parameters);
        Ok(made)
    }

    pub(super) fn unary(&mut self, op: Unary, x: usize) -> usize {
        let output = self.shape(x).clone();
        self.push(Resolved::Elementwise(op), vec![x], output)
    }

    pub(super) fn binary(&mut self, op: Binary, x: usize, y: usize) -> usize {
        let output = self.shape(x).clone();
        self.push(Resolved::Binary(op), vec![x, y], output)
    }

    /// Along the last axis.
    pub(super) fn softmax_of_rows(&mut self, log: bool, x: usize) -> usize {
        let output = self.shape(x).clone();
        let of = if log { Resolved::LogSoftmax } else { Resolved::Softmax };
        self.push(of, vec![x], output)
    }

    /// The same elements in other sizes behind the batch.
    pub(super) fn reshape(&mut self, x: usize, sizes: Vec<Poly>) -> usize {
        let batch = self.shape(x).axes()[0].clone();
        let output = Shape::new([batch].into_iter().chain(sizes.iter().cloned()));
        let of = Resolved::Reshape(sizes, Span::mixed_site());
        self.push(of, vec![x], output)
    }

    /// Axes in another order, the batch being 0.
    pub(super) fn permute(&mut self, x: usize, order: &[usize]) -> Result<usize, Misfit> {
        let mut axes = [0, 1, 2, 3, 4, 5];
        axes[..order.len()].copy_from_slice(order);
        let rank = order.len();
        self.primitive(Primitive::Permute(Permute { rank, axes }), &[x], &[])
    }

    /// One place along an axis, which goes.
    pub(super) fn select(&mut self, x: usize, axis: usize, place: usize) -> Result<usize, Misfit> {
        let back = false;
        self.primitive(Primitive::Select(Select { axis, place, back }), &[x], &[])
    }

    /// `len` places along an axis from `start` on.
    pub(super) fn slice(&mut self, x: usize, axis: usize, start: usize, len: usize) -> Result<usize, Misfit> {
        self.primitive(Primitive::Slice(Slice { axis, start, len }), &[x], &[])
    }
}
