//! The eager form of a generated model: the same graph, an operation a statement, on the tape. It is what the planned form is tested
//! against, and what second derivatives go through.

use tensor_ops::primitive::Noise;
use tensor_ops::{Binary, Primitive, Unary};

use crate::element::Element;
use crate::kernels::chain::Random;
use crate::layout::Axes;
use crate::model::call::nested_random;
use crate::model::noise::draw;
use crate::model::primitives;
use crate::model::{Frame, Program};
use crate::nn::{Cell, Held};
use crate::ops;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

/// A value of the eager form.
#[derive(Clone, Debug)]
pub struct Traced(pub(crate) Value);

impl<T: Element> From<Tensor<Dynamic, T>> for Traced {
    fn from(tensor: Tensor<Dynamic, T>) -> Self {
        Self(tensor.value().clone())
    }
}

impl Traced {
    /// The value as a tensor, whose elements are known to be `T`.
    pub fn tensor<T: Element>(&self) -> Tensor<Dynamic, T> {
        self.typed()
    }

    /// The same where its shape is known too.
    pub fn typed<S: Shape, T: Element>(&self) -> Tensor<S, T> {
        Tensor::of(self.0.clone())
    }
}

/// What the eager form computes with. Its numbers are those of the planned form, dropout masks included.
#[derive(Clone, Copy, Debug)]
pub struct Eager<'a> {
    /// All parameters, in the order of their numbers.
    parameters: &'a [Value],
    /// Where those of this model begin.
    first: usize,
    /// All buffers likewise, as they were at forward.
    buffers: &'a [Value],
    first_buffer: usize,
    training: bool,
    random: Option<Random>,
}

impl<'a> Eager<'a> {
    /// Without random numbers every dropout is the identity.
    pub(crate) fn new(parameters: &'a [Value], frame: &'a Frame) -> Self {
        Self {
            parameters,
            first: 0,
            buffers: &frame.buffers,
            first_buffer: 0,
            training: frame.training,
            random: frame.random,
        }
    }

    /// Another handle on so many parameters and buffers of this model. What is put into the buffers stays here.
    pub(super) fn held(&self, parameters: usize, buffers: usize) -> Held {
        let values = self.buffers.iter().skip(self.first_buffer).take(buffers);
        Held {
            parameters: self.parameters[self.first..self.first + parameters].to_vec(),
            buffers: values.map(|value| Cell::new(value.clone())).collect(),
        }
    }

    /// Whether it trains, and its random numbers.
    pub(super) fn mode(&self) -> (bool, Option<Random>) {
        (self.training, self.random)
    }

    pub(super) fn parameter(&self, index: usize) -> &Value {
        &self.parameters[self.first + index]
    }

    /// An elementwise operation.
    pub fn unary(&self, op: Unary, x: &Traced) -> Traced {
        Traced(ops::unary::unary(op, self.random, &x.0))
    }

    /// `x weight^T + bias`.
    pub fn linear(&self, x: &Traced, weight: usize, bias: Option<usize>) -> Traced {
        let bias = bias.map(|bias| self.parameter(bias));
        Traced(ops::linear::linear(&x.0, self.parameter(weight), bias))
    }

    /// `x weight + bias`, the weight as `[in, out]`.
    pub fn linear_transposed(&self, x: &Traced, weight: usize, bias: Option<usize>) -> Traced {
        let bias = bias.map(|bias| self.parameter(bias));
        let weight = self.parameter(weight).transpose(0, 1);
        Traced(ops::linear::linear(&x.0, &weight, bias))
    }

    /// The normalised rows.
    pub fn layer_norm(&self, x: &Traced, weight: usize, bias: usize, eps: f64) -> Traced {
        let (weight, bias) = (self.parameter(weight), self.parameter(bias));
        Traced(ops::layer_norm::layer_norm(&x.0, weight, bias, eps))
    }

    /// The softmax of each row.
    pub fn softmax(&self, x: &Traced) -> Traced {
        Traced(ops::softmax::softmax(&x.0))
    }

    /// The logarithm of the softmax of each row.
    pub fn log_softmax(&self, x: &Traced) -> Traced {
        Traced(ops::softmax::log_softmax(&x.0))
    }

    /// A parameter for every sample of `x`: by itself, or as large as `x`.
    pub fn spread(&self, x: &Traced, parameter: usize, over: bool) -> Traced {
        spread(x, self.parameter(parameter), over)
    }

    /// The same of a buffer.
    pub fn spread_buffer(&self, x: &Traced, buffer: usize, over: bool) -> Traced {
        spread(x, &self.buffers[self.first_buffer + buffer], over)
    }

    /// All axes but the batch as one.
    pub fn flatten(&self, x: &Traced) -> Traced {
        let sizes = x.0.sizes();
        let sizes: Axes<usize> = Axes::from_slice(&[sizes[0], sizes[1..].iter().product()]);
        Traced(ops::view::reshape(&x.0, &sizes))
    }

    /// The same elements of each sample in other sizes.
    pub fn reshape(&self, x: &Traced, sizes: &[usize]) -> Traced {
        let sizes: Axes<usize> = x.0.sizes()[..1].iter().chain(sizes).copied().collect();
        Traced(ops::view::reshape(&x.0, &sizes))
    }

    /// `x + y` and the like, of one shape.
    pub fn binary(&self, op: Binary, x: &Traced, y: &Traced) -> Traced {
        Traced(ops::binary::binary(op, &x.0, &y.0, x.0.sizes()))
    }

    /// An operation over blocks, by the numbers of its parameters and buffers.
    pub fn primitive(
        &self,
        primitive: &Primitive,
        inputs: &[&Traced],
        parameters: &[usize],
        buffers: &[usize],
    ) -> Traced {
        if let Primitive::Noise(noise) = primitive {
            return Traced(self.noise(noise, &inputs[0].0));
        }
        if let (Primitive::InTraining(_), false) = (primitive, self.training) {
            return inputs[0].clone();
        }
        let values: Axes<&Value> = inputs.iter().map(|input| &input.0).collect();
        let parameters: Axes<&Value> = parameters.iter().map(|&index| self.parameter(index)).collect();
        // The statistics of the batch serve in training: whoever ran forwards has kept them.
        let buffers: Axes<&Value> = buffers
            .iter()
            .filter(|_| !self.training)
            .map(|&index| &self.buffers[self.first_buffer + index])
            .collect();
        let out = primitives::in_operations(primitive, &values, &parameters, &buffers);
        Traced(primitives::or_poisoned(&inputs[0].0, out))
    }

    /// Random numbers, as many as `x` has elements; zeros in evaluation.
    fn noise(&self, noise: &Noise, x: &Value) -> Value {
        let out = Value::empty(x.device(), x.dtype(), x.sizes());
        if out.buffer.poison().is_none() {
            draw(x.device().backend(), noise, self.random, out.row());
        }
        out
    }

    /// A nested model, whose parameters, buffers and streams of random numbers begin where it says.
    pub fn call(
        &self,
        program: &Program,
        parameters: usize,
        buffers: usize,
        streams: u32,
        inputs: &[&Traced],
    ) -> Vec<Traced> {
        let share = Self {
            first: self.first + parameters,
            first_buffer: self.first_buffer + buffers,
            random: self.random.map(|random| nested_random(random, streams)),
            ..*self
        };
        let inputs: Vec<Traced> = inputs.iter().map(|&input| input.clone()).collect();
        (program.eager)(&share, &inputs)
    }
}

/// A value for every sample of `x`: by itself, or as large as `x`.
fn spread(x: &Traced, value: &Value, over: bool) -> Traced {
    let sizes: Axes<usize> = match over {
        true => x.0.sizes().into(),
        false => x.0.sizes()[..1].iter().chain(value.sizes()).copied().collect(),
    };
    let spread = ops::view::broadcast(value, &sizes);
    Traced(spread.unwrap_or_else(|| unreachable!("check/parameters.rs: the sizes go into those of the value")))
}
