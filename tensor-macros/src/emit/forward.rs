//! The bodies of `forward` and `infer`: one call a line.

use super::function::{Function, Taught, not_here};
use super::nested::{constant, count};
use super::unary::binary;
use super::{Emission, ident, ours};
use crate::graph::{Node, Operand};
use crate::passes::{Mode, Planned};
use proc_macro2::{Literal, TokenStream};
use tensor_ops::{Binary, Op};

impl<'a> Function<'a> {
    /// `fn forward(pass: &Pass<'_>) { .. }`, or `infer`.
    pub fn forward(emission: &'a Emission<'a>, name: &str, planned: &'a Planned, mode: Mode) -> TokenStream {
        let mut function = Function::new(emission, planned, mode);
        for node in &planned.graph.forward {
            function.forward_node(node);
        }
        function.finish(name)
    }

    fn forward_node(&mut self, node: &Node) {
        if node.op == Op::Input {
            return;
        }
        // Of what tells sizes alone nothing is read.
        let x = match node.op {
            Op::Spread { .. } => TokenStream::new(),
            _ => self.operand(node.operands[0]),
        };
        let statement = match &node.op {
            Op::Linear {
                bias,
                chain,
                transposed,
                ..
            } => {
                let (weight, bias) = (
                    self.weight(node.operands[1], *transposed),
                    self.option(node.operands.get(2).copied().filter(|_| *bias)),
                );
                let (chain, out, pre) = (
                    self.chain(chain),
                    self.operand(node.results[0]),
                    self.option(node.results.get(1).copied()),
                );
                ours!(pass.linear(#x, #weight, #bias, #chain, #pre, #out);)
            }
            Op::Elementwise(ops) => {
                let (chain, out) = (self.chain(ops), self.operand(node.results[0]));
                if ops.is_empty() {
                    ours!(pass.copy(#x, #out);)
                } else {
                    ours!(pass.chain(#chain, #x, #out);)
                }
            }
            Op::Softmax => {
                let out = self.operand(node.results[0]);
                ours!(pass.softmax(#x, #out);)
            }
            Op::LogSoftmax => {
                let out = self.operand(node.results[0]);
                ours!(pass.log_softmax(#x, #out);)
            }
            Op::LayerNorm { eps, .. } => {
                let (weight, bias) = (self.operand(node.operands[1]), self.operand(node.operands[2]));
                let (eps, statistics) = (Literal::f64_unsuffixed(*eps), self.option(node.results.get(1).copied()));
                let out = self.operand(node.results[0]);
                ours!(pass.layer_norm(#x, #weight, #bias, #eps, #statistics, #out);)
            }
            Op::Call { program, .. } => {
                let call = self.call(*program, &node.operands);
                let (inputs, outputs) = (self.operands(&node.operands), self.operands(&node.results));
                let (program, method) = (
                    constant(self.graph(), *program),
                    ident(match self.mode {
                        Mode::Training => "forward_call",
                        Mode::Inference => "infer_call",
                    }),
                );
                ours!(pass.#method(#program, #call, &[#(#inputs),*], &[#(#outputs),*]);)
            }
            Op::Spread { .. } => {
                let (parameter, out) = (self.block(node.operands[1]), self.block(node.results[0]));
                ours!(pass.spread(#parameter, #out);)
            }
            Op::Binary(op) => self.binary(*op, node),
            Op::Primitive { primitive, .. } => self.primitive(primitive, node),
            Op::Input | Op::Flatten | Op::Reshape | Op::ArgMax => {
                unreachable!("fuse.rs: views are names; check/arguments.rs: no argmax")
            }
            Op::OutputGradient | Op::LinearInputGradient { .. } | Op::LinearWeightGradient | Op::BiasGradient => {
                not_here()
            }
            Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => not_here(),
            Op::LayerNormBackward
            | Op::SpreadBackward
            | Op::Unflatten
            | Op::CallBackward { .. }
            | Op::PrimitiveBackward(_)
            | Op::Zeros => not_here(),
        };
        self.push(statement);
    }

    /// A weight as `[out, in]`, however it lies.
    pub(super) fn weight(&mut self, weight: Operand, transposed: bool) -> TokenStream {
        let weight = self.operand(weight);
        match transposed {
            true => ours!(#weight.transposed()),
            false => weight,
        }
    }

    /// Of two values of one shape.
    pub(super) fn binary(&mut self, op: Binary, node: &Node) -> TokenStream {
        let op = binary(&self.emission.krate.private(), op);
        let (operands, out) = (self.operands(&node.operands), self.operand(node.results[0]));
        ours!(pass.binary(#op, #(#operands),*, #out);)
    }

    /// Where the nested model's slots, parameters and streams begin, and the sizes of its inputs.
    pub(super) fn call(&mut self, program: usize, inputs: &[Operand]) -> TokenStream {
        let (private, graph) = (self.emission.krate.private(), self.graph());
        let field = match self.mode {
            Mode::Training => "training_slots",
            Mode::Inference => "inference_slots",
        };
        let slots = count(graph, self.planned.slots.len(), program, field);
        let first = graph.first_call(program);
        let parameters = count(graph, graph.programs[first].parameters_before, first, "parameters");
        let buffers = count(graph, graph.programs[first].buffers_before, first, "buffers");
        let streams = count(graph, graph.streams as usize, program, "streams");
        let sizes = self.list_of_all(inputs);
        let again = self.again(Taught::Program(first));
        ours!(#private::Call { slots: #slots, parameters: #parameters, buffers: #buffers, streams: #streams, again: #again, sizes: #sizes })
    }
}
