//! The eager form: one operation a statement, on the tape. It is what the planned form is tested against.

use super::nested::{constant, count};
use super::unary::{binary, unary};
use super::{Emission, ident, ours, primitive};
use crate::graph::{Graph, Node, Operand};
use proc_macro2::{Ident, Literal, TokenStream};
use tensor_ops::Op;

/// The function `eager` of the program.
pub fn eager(emission: &Emission<'_>) -> TokenStream {
    let (private, graph) = (emission.krate.private(), emission.lowered);
    let (eager, inputs) = (ident("eager"), ident("inputs"));
    let mut statements = Vec::new();
    let taken = graph.forward.iter().filter(|node| node.op == Op::Input).enumerate();
    statements.extend(taken.map(|(index, node)| {
        let (name, index) = (name(graph, node.results[0]), Literal::usize_unsuffixed(index));
        ours!(let #name = &#inputs[#index];)
    }));
    for node in graph.forward.iter().filter(|node| node.op != Op::Input) {
        let (first, value) = (name(graph, node.results[0]), value(emission, graph, node));
        statements.push(ours!(let #first = #value;));
        // A call gives all that it makes; the first goes by the name of all in the end.
        for (index, result) in node.results.iter().enumerate().rev() {
            if let Op::Call { .. } = node.op {
                let (name, index) = (name(graph, *result), Literal::usize_unsuffixed(index));
                statements.push(ours!(let #name = ::core::clone::Clone::clone(&#first[#index]);));
            }
        }
    }
    let outputs = graph.outputs.iter().map(|output| name(graph, Operand::Value(*output)));
    ours! {
        fn eager(#eager: &#private::Eager<'_>, #inputs: &[#private::Traced]) -> #private::Vec<#private::Traced> {
            #(#statements)*
            <#private::Vec<#private::Traced> as ::core::convert::From<_>>::from([#(#outputs),*])
        }
    }
}

fn value(emission: &Emission<'_>, graph: &Graph, node: &Node) -> TokenStream {
    let private = emission.krate.private();
    let x = borrowed(graph, node.operands[0]);
    match &node.op {
        Op::Linear { transposed, .. } => {
            let linear = ident(if *transposed { "linear_transposed" } else { "linear" });
            let weight = parameter(graph, node.operands[1]);
            let bias = match node.operands.get(2).map(|bias| parameter(graph, *bias)) {
                Some(bias) => ours!(::core::option::Option::Some(#bias)),
                None => ours!(::core::option::Option::None),
            };
            ours!(eager.#linear(#x, #weight, #bias))
        }
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
            let (weight, bias) = (parameter(graph, node.operands[1]), parameter(graph, node.operands[2]));
            ours!(eager.layer_norm(#x, #weight, #bias, #eps))
        }
        Op::Spread { over } => {
            let index = parameter(graph, node.operands[1]);
            match node.operands[1] {
                Operand::Buffer(_) => ours!(eager.spread_buffer(#x, #index, #over)),
                _ => ours!(eager.spread(#x, #index, #over)),
            }
        }
        Op::Flatten => ours!(eager.flatten(#x)),
        Op::Reshape => {
            let sizes = graph.shape(node.results[0]).axes()[1..].iter();
            let sizes = sizes.map(|size| emission.sizes().constant(size));
            ours!(eager.reshape(#x, &[#(#sizes),*]))
        }
        Op::Primitive { primitive, .. } => {
            let entry = primitive::entry(emission, primitive);
            let (inputs, parameters) = node.operands.split_at(primitive.inputs());
            let inputs = inputs.iter().map(|input| borrowed(graph, *input));
            let (parameters, buffers) = parameters.split_at(primitive.parameters().len());
            let parameters = parameters.iter().map(|operand| parameter(graph, *operand));
            let buffers = buffers.iter().map(|operand| parameter(graph, *operand));
            ours!(eager.primitive(#entry, &[#(#inputs),*], &[#(#parameters),*], &[#(#buffers),*]))
        }
        Op::Binary(op) => {
            let (op, y) = (binary(&private, *op), borrowed(graph, node.operands[1]));
            ours!(eager.binary(#op, #x, #y))
        }
        Op::Call { program, .. } => {
            let inputs = node.operands.iter().map(|input| borrowed(graph, *input));
            let first = graph.first_call(*program);
            let parameters = count(graph, graph.programs[first].parameters_before, first, "parameters");
            let buffers = count(graph, graph.programs[first].buffers_before, first, "buffers");
            let streams = count(graph, graph.streams as usize, *program, "streams");
            let program = constant(graph, *program);
            ours!(eager.call(#program, #parameters, #buffers, #streams, &[#(#inputs),*]))
        }
        Op::Input | Op::ArgMax => unreachable!("lower.rs makes no such operation"),
        Op::OutputGradient | Op::LinearInputGradient { .. } | Op::LinearWeightGradient | Op::BiasGradient => {
            not_lowered()
        }
        Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => not_lowered(),
        Op::LayerNormBackward
        | Op::SpreadBackward
        | Op::Unflatten
        | Op::CallBackward { .. }
        | Op::PrimitiveBackward(_)
        | Op::Zeros => not_lowered(),
    }
}

/// A value as an argument; the inputs are borrowed already.
fn borrowed(graph: &Graph, operand: Operand) -> TokenStream {
    let value = name(graph, operand);
    match operand.value().is_some_and(|value| graph.inputs.contains(&value)) {
        true => ours!(#value),
        false => ours!(&#value),
    }
}

fn name(graph: &Graph, operand: Operand) -> Ident {
    match operand {
        Operand::Value(value) => ident(&graph.row(value).name),
        Operand::Parameter(_) | Operand::Gradient(_) | Operand::Buffer(_) => {
            unreachable!("lower.rs: the first operand is a value")
        }
    }
}

/// Where a parameter or a buffer stands among all, those of nested models included.
fn parameter(graph: &Graph, operand: Operand) -> TokenStream {
    match operand {
        Operand::Parameter(parameter) => count(
            graph,
            parameter,
            graph.parameters[parameter].programs_before,
            "parameters",
        ),
        Operand::Buffer(buffer) => count(graph, buffer, graph.buffers[buffer].programs_before, "buffers"),
        Operand::Value(_) | Operand::Gradient(_) => unreachable!("lower.rs: a layer's parameters follow its value"),
    }
}

fn not_lowered() -> ! {
    unreachable!("lower.rs: a lowered graph has no backward")
}
