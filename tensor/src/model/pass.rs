//! One run of a program: what its functions call.

use smallvec::SmallVec;
use tensor_ops::{Binary, Primitive, Unary};

use crate::device::{
    Backend, Block, Gradient, LayerNormBackward, Linear, Matrix, PrimitiveBackward, PrimitiveForward, Saved, View,
};
use crate::kernels::chain::Random;
use crate::layout::Layout;
use crate::model::noise::draw;
use crate::model::{Frame, statistics};
use crate::tape::{GradientLock, Value};

/// One run of a program, forwards or backwards. Every method is one call of the device, or says where something lies.
pub struct Pass<'a> {
    pub(crate) backend: &'static dyn Backend,
    pub(crate) frame: &'a Frame,
    /// The gradients of the flat buffers, in the order of the frame; only `backward` has them.
    pub(crate) locks: Option<&'a [GradientLock<'a>]>,
    pub(crate) scope: Scope<'a>,
}

/// The part of a pass that a nested model sees as its own.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Of each input.
    pub(crate) sizes: &'a [&'a [usize]],
    pub(crate) slots: usize,
    pub(crate) parameters: usize,
    /// Whether an earlier call in this backward has put gradients to these parameters.
    pub(crate) again: bool,
    pub(crate) buffers: usize,
    pub(crate) training: bool,
    pub(crate) random: Option<Random>,
    pub(crate) inputs: &'a [Matrix<'a>],
    pub(crate) outputs: &'a [Matrix<'a>],
    /// Only `backward` has them.
    pub(crate) output_grads: &'a [Matrix<'a>],
    /// Those that are wanted; none where none is.
    pub(crate) input_grads: &'a [Option<Matrix<'a>>],
}

/// A matrix seen with other rows and columns.
fn seen_as(matrix: Matrix<'_>, rows: usize, cols: usize) -> Matrix<'_> {
    debug_assert_eq!(matrix.len(), rows * cols);
    Matrix::new(matrix.buffer, matrix.offset, rows, cols)
}

impl<'a> Pass<'a> {
    /// The size of an axis of an input; axis 0 is the batch.
    pub fn size(&self, input: usize, axis: usize) -> usize {
        self.scope.sizes[input][axis]
    }

    /// An input, with all axes but the last as rows.
    pub fn input(&self, input: usize, rows: usize, cols: usize) -> Matrix<'a> {
        seen_as(self.scope.inputs[input], rows, cols)
    }

    /// Where an output goes.
    pub fn output(&self, output: usize, rows: usize, cols: usize) -> Matrix<'a> {
        seen_as(self.scope.outputs[output], rows, cols)
    }

    /// A slot of the workspace.
    pub fn slot(&self, slot: usize, rows: usize, cols: usize) -> Matrix<'a> {
        let offset = self.frame.plan.offset(self.scope.slots + slot);
        Matrix::new(&self.frame.workspace, offset, rows, cols)
    }

    /// A parameter.
    pub fn parameter(&self, index: usize) -> Matrix<'a> {
        self.frame.parameter(self.scope.parameters + index)
    }

    /// Where the gradient of a parameter goes.
    pub fn gradient(&self, index: usize) -> Gradient<'_> {
        let place = self.frame.place(self.scope.parameters + index);
        let Some(locks) = self.locks else {
            unreachable!("`Recorded::backward` and `Step::run` lock the gradients before `backward` runs")
        };
        let gradient = locks[place.flat].gradient(place.index);
        let shape = self.frame.parameter(self.scope.parameters + index);
        Gradient {
            matrix: seen_as(gradient.matrix, shape.rows, shape.cols),
            accumulate: gradient.accumulate || self.scope.again,
            ..gradient
        }
    }

    /// The same where a line before has put a gradient there, to which this one is added.
    pub fn further_gradient(&self, index: usize) -> Gradient<'_> {
        Gradient {
            accumulate: true,
            ..self.gradient(index)
        }
    }

    /// The gradient of an output.
    pub fn output_grad(&self, output: usize, rows: usize, cols: usize) -> Matrix<'a> {
        seen_as(self.scope.output_grads[output], rows, cols)
    }

    /// Where the gradient of an input goes, if anyone wants it.
    pub fn input_grad(&self, input: usize, rows: usize, cols: usize) -> Option<Matrix<'a>> {
        let gradient = *self.scope.input_grads.get(input)?;
        gradient.map(|gradient| seen_as(gradient, rows, cols))
    }

    /// The same with all of its sizes.
    pub fn input_grad_block<const N: usize>(&self, input: usize, sizes: [usize; N]) -> Option<Block<'a>> {
        let gradient = *self.scope.input_grads.get(input)?;
        gradient.map(|gradient| gradient.block(sizes))
    }

    /// Whether anyone wants the gradient of one of these inputs.
    pub fn wants(&self, inputs: &[usize]) -> bool {
        let wanted = |&input: &usize| self.scope.input_grads.get(input).is_some_and(Option::is_some);
        inputs.iter().any(wanted)
    }

    /// A buffer with all of its sizes, as it was when the forward began.
    pub fn buffer_block(&self, index: usize) -> Block<'a> {
        self.frame.buffers[self.scope.buffers + index].block()
    }

    /// A parameter with all of its sizes.
    pub fn parameter_block(&self, index: usize) -> Block<'a> {
        self.frame.parameter_block(self.scope.parameters + index)
    }

    /// An operation over blocks; `kept` is what its backward wants to know beside.
    pub fn primitive(
        &self,
        primitive: &Primitive,
        inputs: &[Block<'_>],
        parameters: &[Block<'_>],
        buffers: &[usize],
        out: Block<'_>,
        kept: &[Block<'_>],
    ) {
        if let Primitive::Noise(noise) = primitive {
            return draw(self.backend, noise, self.scope.random, out.row());
        }
        let step = PrimitiveForward {
            primitive,
            inputs,
            parameters,
            buffers: &[],
            updated: &[],
            training: self.scope.training,
            out,
            kept,
        };
        let first = self.scope.buffers;
        match buffers {
            [] if matches!(primitive, Primitive::BatchNorm(_)) => statistics::of_batch(self.backend, step),
            [] => self.backend.primitive(step),
            _ if self.scope.training => {
                let cells = buffers.iter().map(|&index| &*self.frame.cells[first + index]).collect();
                statistics::take(self.backend, step, cells);
            }
            _ => {
                let values = buffers.iter().map(|&index| &self.frame.buffers[first + index]);
                let buffers: SmallVec<[Block<'_>; 3]> = values.map(Value::block).collect();
                self.backend.primitive(PrimitiveForward {
                    buffers: &buffers,
                    ..step
                });
            }
        }
    }

    /// Its gradients.
    pub fn primitive_backward(
        &self,
        primitive: &Primitive,
        saved: Saved<'_>,
        d_out: Block<'_>,
        d_inputs: &[Option<Block<'_>>],
        d_parameters: &[Gradient<'_>],
    ) {
        self.backend.primitive_backward(PrimitiveBackward {
            primitive,
            saved,
            training: self.scope.training,
            d_out,
            d_inputs,
            d_parameters,
        });
    }

    /// `out = chain(x weight^T + bias)`; `pre` keeps the value before the chain.
    pub fn linear(
        &self,
        x: Matrix<'_>,
        weight: Matrix<'_>,
        bias: Option<Matrix<'_>>,
        chain: &[Unary],
        pre: Option<Matrix<'_>>,
        out: Matrix<'_>,
    ) {
        let random = self.scope.random;
        self.backend.linear(Linear {
            x,
            weight,
            bias,
            chain,
            random,
            pre,
            out,
        });
    }

    /// `d_weight (+)= d_out^T x`.
    pub fn linear_weight_grad(&self, d_out: Matrix<'_>, x: Matrix<'_>, d_weight: Gradient<'_>) {
        if d_weight.wanted {
            self.backend
                .gemm(d_out.transposed(), x, d_weight.matrix, d_weight.accumulate);
        }
    }

    /// `d_bias (+)= ` the sum of the rows of `d_out`.
    pub fn bias_grad(&self, d_out: Matrix<'_>, d_bias: Gradient<'_>) {
        if d_bias.wanted {
            self.backend.sum_rows(d_out, d_bias.matrix, d_bias.accumulate);
        }
    }

    /// `d_x (+)= d_out weight`.
    pub fn linear_input_grad(&self, d_out: Matrix<'_>, weight: Matrix<'_>, d_x: Matrix<'_>, accumulate: bool) {
        self.backend.gemm(d_out, weight, d_x, accumulate);
    }

    /// A run of elementwise operations.
    pub fn chain(&self, ops: &[Unary], x: Matrix<'_>, out: Matrix<'_>) {
        self.backend.chain(ops, self.scope.random, x, out);
    }

    /// The gradient of such a run, from its input or its output.
    pub fn chain_backward(
        &self,
        ops: &[Unary],
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d_out: Matrix<'_>,
        d_x: Matrix<'_>,
    ) {
        self.backend.chain_backward(ops, self.scope.random, x, out, d_out, d_x);
    }

    /// The same, with the result in place of the gradient.
    pub fn chain_backward_in_place(
        &self,
        ops: &[Unary],
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d: Matrix<'_>,
    ) {
        self.backend.chain_backward_in_place(ops, self.scope.random, x, out, d);
    }

    /// The softmax of each row.
    pub fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        self.backend.softmax(x, out);
    }

    /// Its gradient, from its output.
    pub fn softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        self.backend.softmax_backward(out, d_out, d_x);
    }

    /// The logarithm of the softmax of each row.
    pub fn log_softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        self.backend.log_softmax(x, out);
    }

    /// Its gradient, from its output.
    pub fn log_softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        self.backend.log_softmax_backward(out, d_out, d_x);
    }

    /// The normalised rows; `stats` (`[rows, 2]`) keeps their mean and scale.
    pub fn layer_norm(
        &self,
        x: Matrix<'_>,
        weight: Matrix<'_>,
        bias: Matrix<'_>,
        eps: f64,
        stats: Option<Matrix<'_>>,
        out: Matrix<'_>,
    ) {
        self.backend.layer_norm(x, weight, bias, eps, stats, out);
    }

    /// Its gradients.
    #[allow(clippy::too_many_arguments, reason = "one generated call; each is named there")]
    pub fn layer_norm_backward(
        &self,
        x: Matrix<'_>,
        weight: Matrix<'_>,
        stats: Matrix<'_>,
        d_out: Matrix<'_>,
        d_x: Option<Matrix<'_>>,
        d_weight: Gradient<'_>,
        d_bias: Gradient<'_>,
    ) {
        self.backend.layer_norm_backward(LayerNormBackward {
            x,
            weight,
            stats,
            d_out,
            d_x,
            d_weight: d_weight.wanted.then_some(d_weight),
            d_bias: d_bias.wanted.then_some(d_bias),
        });
    }

    /// `out = x`.
    pub fn copy(&self, x: Matrix<'_>, out: Matrix<'_>) {
        self.backend.chain(&[], None, x, out);
    }

    /// `out = x + y` and the like.
    pub fn binary(&self, op: Binary, x: Matrix<'_>, y: Matrix<'_>, out: Matrix<'_>) {
        if op == Binary::Add {
            return self.backend.add(x, y, out);
        }
        let layout = Layout::contiguous(&[out.len()]);
        let [x, y, out] = [x, y, out].map(|matrix| View {
            buffer: matrix.buffer,
            offset: matrix.offset,
            layout: &layout,
        });
        self.backend.binary(op, x, y, out);
    }

    /// `out = 0`.
    pub fn zeros(&self, out: Matrix<'_>) {
        let layout = Layout::contiguous(&[out.len()]);
        let view = View {
            buffer: out.buffer,
            offset: out.offset,
            layout: &layout,
        };
        self.backend.fill(0.0, view);
    }
}
