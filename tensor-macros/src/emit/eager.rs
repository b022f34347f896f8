//! The eager form: one operation a statement, on the tape. It is what the planned form is tested against.

use super::nested::count;
use super::unary::unary;
use super::{Emission, ident, ours};
use crate::graph::{Graph, Node, Operand};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use tensor_ops::Op;

/// The body of `Model::eager`.
pub fn eager(emission: &Emission<'_>) -> TokenStream {
    let graph = emission.lowered;
    let statements = graph.forward.iter().filter(|node| node.op != Op::Input).map(|node| {
        let (name, value) = (name(graph, node.results[0]), value(emission, graph, node));
        ours!(let #name = #value;)
    });
    let output = name(graph, Operand::Value(graph.output));
    ours!(#(#statements)* #output)
}

fn value(emission: &Emission<'_>, graph: &Graph, node: &Node) -> TokenStream {
    let private = emission.krate.private();
    let (input, part) = (name(graph, node.operands[0]), field(&node.part));
    // The input is borrowed already.
    let x = if node.operands[0] == Operand::Value(graph.input) {
        ours!(#input)
    } else {
        ours!(&#input)
    };
    match &node.op {
        Op::Linear { .. } => ours!(eager.linear(#x, &self.#part)),
        Op::Elementwise(ops) => ops
            .iter()
            .fold(None, |before, op| {
                let (op, x) = (unary(&private, op), before.map_or(x.clone(), |before| ours!(&#before)));
                Some(ours!(eager.unary(#op, #x)))
            })
            .unwrap_or_else(|| ours!(::core::clone::Clone::clone(#x))),
        Op::Softmax => ours!(eager.softmax(#x)),
        Op::LogSoftmax => ours!(eager.log_softmax(#x)),
        Op::LayerNorm { eps, .. } => {
            let eps = Literal::f64_unsuffixed(*eps);
            ours!(eager.layer_norm(#x, &self.#part, #eps))
        }
        Op::Flatten => ours!(eager.flatten(#x)),
        Op::Call { program } => {
            let (model, element) = (&graph.programs[*program].model, emission.element());
            let streams = count(graph, graph.streams as usize, *program, "streams");
            ours!(<#model<#element> as #private::Model>::eager(&self.#part, &eager.call(#streams), #x))
        }
        Op::Input | Op::ArgMax | Op::Add => unreachable!("lower.rs makes no such operation"),
        Op::OutputGradient | Op::LinearInputGradient | Op::LinearWeightGradient | Op::BiasGradient => not_lowered(),
        Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => not_lowered(),
        Op::LayerNormBackward | Op::Unflatten | Op::CallBackward { .. } => not_lowered(),
    }
}

fn name(graph: &Graph, operand: Operand) -> Ident {
    match operand {
        Operand::Value(value) => ident(&graph.row(value).name),
        Operand::Parameter(_) | Operand::Gradient(_) => {
            unreachable!("lower.rs: the first operand is a value")
        }
    }
}

/// `hidden.0` as fields.
fn field(path: &str) -> TokenStream {
    let steps = path.split('.').map(|step| match step.parse::<usize>() {
        Ok(position) => {
            let position = Literal::usize_unsuffixed(position);
            ours!(#position)
        }
        Err(_) => {
            let name = if syn::parse_str::<Ident>(step).is_ok() {
                ident(step)
            } else {
                Ident::new_raw(step, Span::mixed_site())
            };
            ours!(#name)
        }
    });
    ours!(#(#steps).*)
}

fn not_lowered() -> ! {
    unreachable!("lower.rs: a lowered graph has no backward")
}
