//! The body of `backward`: one call a line.

use super::function::{Function, not_here};
use super::nested::constant;
use super::{Emission, ours};
use crate::graph::{Node, Operand, Value};
use crate::passes::{Mode, Place, Planned};
use proc_macro2::{Literal, TokenStream};
use std::collections::{BTreeSet, HashMap};
use tensor_ops::{Op, Saves, Unary, chain};

impl<'a> Function<'a> {
    /// `fn backward(pass: &Pass<'_>) { .. }`. What only the gradient by the input needs is skipped where nobody wants it.
    pub fn backward(emission: &'a Emission<'a>, name: &str, planned: &'a Planned) -> TokenStream {
        let mut function = Function::new(emission, planned, Mode::Training);
        let (teaching, rest): (Vec<_>, Vec<_>) = planned
            .graph
            .backward
            .iter()
            .zip(planned.graph.teaching())
            .partition(|(_, teaches)| *teaches);
        for (node, _) in teaching {
            function.backward_node(node);
        }
        let rest: Vec<&Node> = rest
            .into_iter()
            .map(|(node, _)| node)
            .filter(|node| node.op != Op::OutputGradient)
            .collect();
        function.only_for_inputs(&rest);
        function.finish(name)
    }

    fn backward_node(&mut self, node: &Node) {
        let statement = match &node.op {
            Op::OutputGradient => return,
            Op::LinearWeightGradient => {
                let (operands, gradient) = (self.operands(&node.operands), self.operand(node.results[0]));
                ours!(pass.linear_weight_grad(#(#operands),*, #gradient);)
            }
            Op::BiasGradient => {
                let (operands, gradient) = (self.operands(&node.operands), self.operand(node.results[0]));
                ours!(pass.bias_grad(#(#operands),*, #gradient);)
            }
            Op::SpreadBackward => {
                let (d, gradient) = (self.block(node.operands[0]), self.operand(node.results[0]));
                let Operand::Gradient(parameter) = node.results[0] else {
                    unreachable!("differentiate.rs: the gradient of a parameter")
                };
                let parameter = self.block(Operand::Parameter(parameter));
                ours!(pass.spread_backward(#d, #parameter, #gradient);)
            }
            Op::LinearInputGradient { transposed } => {
                let (d, weight) = (
                    self.operand(node.operands[0]),
                    self.weight(node.operands[1], *transposed),
                );
                let d_x = self.operand(node.results[0]);
                ours!(pass.linear_input_grad(#d, #weight, #d_x, false);)
            }
            Op::ElementwiseBackward(ops) => self.chain_backward(ops, node),
            Op::SoftmaxBackward => {
                let (operands, d_x) = (self.operands(&node.operands), self.operand(node.results[0]));
                ours!(pass.softmax_backward(#(#operands),*, #d_x);)
            }
            Op::LogSoftmaxBackward => {
                let (operands, d_x) = (self.operands(&node.operands), self.operand(node.results[0]));
                ours!(pass.log_softmax_backward(#(#operands),*, #d_x);)
            }
            Op::LayerNormBackward => {
                let (operands, d_x) = (self.operands(&node.operands), self.wanted(node.results[0]));
                let gradients = self.operands(&node.results[1..]);
                ours!(pass.layer_norm_backward(#(#operands),*, #d_x, #(#gradients),*);)
            }
            Op::CallBackward {
                program,
                inputs,
                outputs,
            } => {
                let call = self.call(*program, &node.operands[..*inputs]);
                let (taken, rest) = node.operands.split_at(*inputs);
                let (made, d) = rest.split_at(*outputs);
                let [taken, made, d] = [taken, made, d].map(|operands| self.operands(operands));
                let d_taken: Vec<TokenStream> = node.results.iter().map(|result| self.wanted(*result)).collect();
                let program = constant(self.graph(), *program);
                ours!(pass.backward_call(#program, #call, &[#(#taken),*], &[#(#made),*], &[#(#d),*], &[#(#d_taken),*]);)
            }
            Op::Zeros => {
                let d = self.operand(node.results[0]);
                ours!(pass.zeros(#d);)
            }
            Op::PrimitiveBackward(primitive) => self.primitive_backward(primitive, node),
            Op::Binary(op) => self.binary(*op, node),
            Op::Unflatten => unreachable!("fuse.rs: views are names"),
            Op::Input | Op::Linear { .. } | Op::Elementwise(_) | Op::Softmax | Op::LogSoftmax => not_here(),
            Op::LayerNorm { .. } | Op::Flatten | Op::Reshape | Op::Call { .. } | Op::ArgMax => not_here(),
            Op::Primitive { .. } | Op::Spread { .. } => not_here(),
        };
        self.push(statement);
    }

    /// Over the gradient that it reads, where the plan has put both in one place.
    fn chain_backward(&mut self, ops: &[Unary], node: &Node) -> TokenStream {
        let [.., d] = node.operands[..] else {
            unreachable!("differentiate.rs: the gradient comes last")
        };
        let saved = (node.operands.len() > 1).then(|| node.operands[0]);
        let (x, out) = match chain::saves(ops) {
            Saves::Nothing => (None, None),
            Saves::Output => (None, saved),
            Saves::Input => (saved, None),
        };
        let place = |operand| match operand {
            Operand::Value(value) => Some(self.planned.places[value.0]),
            Operand::Parameter(_) | Operand::Gradient(_) | Operand::Buffer(_) => None,
        };
        let in_place = place(d) == place(node.results[0]);
        let (chain, x, out, d) = (self.chain(ops), self.option(x), self.option(out), self.operand(d));
        if in_place {
            return ours!(pass.chain_backward_in_place(#chain, #x, #out, #d););
        }
        let d_x = self.operand(node.results[0]);
        if ops.is_empty() {
            ours!(pass.copy(#d, #d_x);)
        } else {
            ours!(pass.chain_backward(#chain, #x, #out, #d, #d_x);)
        }
    }

    /// A gradient that may not be wanted: `Some(d_x)`, `None`, or whatever the caller asks for.
    fn wanted(&mut self, result: Operand) -> TokenStream {
        let Operand::Value(value) = result else {
            unreachable!("differentiate.rs: d_x comes first")
        };
        match self.planned.places[value.0] {
            Place::Nowhere => ours!(::core::option::Option::None),
            Place::InputGradient(input) => {
                let shape = self.graph().row(value).shape.clone();
                let (rows, cols) = (self.size(&shape.rows()), self.size(&shape.features()));
                let input = Literal::usize_unsuffixed(input);
                ours!(pass.input_grad(#input, #rows, #cols))
            }
            Place::Slot(_) | Place::Input(_) | Place::Output(_) | Place::OutputGradient(_) => self.option(Some(result)),
        }
    }

    /// What no parameter's gradient needs, in runs that the gradients of the same inputs need.
    fn only_for_inputs(&mut self, nodes: &[&Node]) {
        let graph = self.graph();
        let mut serves: HashMap<Value, BTreeSet<usize>> = HashMap::new();
        for (input, gradient) in graph.input_gradients.iter().enumerate() {
            let root = gradient.map(|gradient| graph.root(gradient));
            if let Some(root) = root {
                serves.entry(root).or_default().insert(input);
            }
        }
        let mut runs: Vec<(BTreeSet<usize>, Vec<&Node>)> = Vec::new();
        for node in nodes.iter().rev() {
            let served: BTreeSet<usize> = node
                .made()
                .filter_map(|value| serves.get(&value))
                .flatten()
                .copied()
                .collect();
            for value in node.read() {
                serves.entry(graph.root(value)).or_default().extend(&served);
            }
            match runs.last_mut() {
                Some((last, run)) if *last == served => run.push(node),
                _ => runs.push((served, vec![node])),
            }
        }
        for (inputs, run) in runs.into_iter().rev() {
            let run: Vec<&Node> = run.into_iter().rev().collect();
            let inputs: Vec<usize> = inputs.into_iter().collect();
            // What is named inside the braces has no name behind them.
            let named = self.named.clone();
            match inputs[..] {
                [input] => self.only_for_the_input(input, &run),
                _ => self.only_for_some_input(&inputs, &run),
            }
            self.named = named;
            self.input_gradient.clear();
        }
    }

    /// `if pass.wants(&[0, 1]) { .. }`.
    fn only_for_some_input(&mut self, inputs: &[usize], nodes: &[&Node]) {
        let before = std::mem::take(&mut self.body);
        for node in nodes {
            self.backward_node(node);
        }
        let inside = std::mem::replace(&mut self.body, before);
        let inputs = inputs.iter().map(|input| Literal::usize_unsuffixed(*input));
        self.push(ours!(if pass.wants(&[#(#inputs),*]) { #(#inside)* }));
    }

    /// `if let Some(d_x_in) = pass.input_grad(0, ..) { .. }`.
    fn only_for_the_input(&mut self, input: usize, nodes: &[&Node]) {
        let before = std::mem::take(&mut self.body);
        let mut patterns = Vec::new();
        let mut gradients = Vec::new();
        let index = Literal::usize_unsuffixed(input);
        let values = nodes.iter().flat_map(|node| node.read().chain(node.made()));
        for value in values
            .filter(|value| self.planned.places[value.0] == Place::InputGradient(input))
            .collect::<Vec<_>>()
        {
            let row = self.graph().row(value);
            let (rows, cols) = (row.shape.rows(), row.shape.features());
            if self
                .input_gradient
                .iter()
                .any(|(known_rows, known_cols, _)| (known_rows, known_cols) == (&rows, &cols))
            {
                continue;
            }
            let name = self.name(value);
            let (row_count, col_count) = (self.size(&rows), self.size(&cols));
            patterns.push(ours!(::core::option::Option::Some(#name)));
            gradients.push(ours!(pass.input_grad(#index, #row_count, #col_count)));
            self.input_gradient.push((rows, cols, name));
        }
        for node in nodes {
            self.backward_node(node);
        }
        let inside = std::mem::replace(&mut self.body, before);
        let (pattern, gradient) = match (&patterns[..], &gradients[..]) {
            ([pattern], [gradient]) => (pattern.clone(), gradient.clone()),
            _ => (ours!((#(#patterns),*)), ours!((#(#gradients),*))),
        };
        self.push(ours!(if let #pattern = #gradient { #(#inside)* }));
    }
}
