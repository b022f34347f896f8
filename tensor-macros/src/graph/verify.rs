//! What must hold of every graph between two passes. A failure is a mistake of the pass before, never of the user.

use super::{Graph, Node, Operand};
use tensor_ops::{Class, Shape};

/// Panics with the printed graph if it is not one.
pub fn verify(graph: Graph) -> Graph {
    if let Err(wrong) = check(&graph) {
        panic!("the compiler of models made a wrong graph, which is a bug: {wrong}\n{graph}");
    }
    graph
}

fn check(graph: &Graph) -> Result<(), String> {
    let mut defined = vec![false; graph.values.len()];
    for node in graph.nodes() {
        let line = || graph.line(node);
        for value in node.read() {
            if !defined[graph.root(value).0] {
                return Err(format!("{value} is used before it is defined: `{}`", line()));
            }
        }
        for value in node.made() {
            if std::mem::replace(&mut defined[value.0], true) {
                return Err(format!("{value} is defined twice: `{}`", line()));
            }
        }
        check_signature(node)
            .and_then(|()| check_shapes(graph, node))
            .map_err(|wrong| format!("{wrong}: `{}`", line()))?;
    }
    for &value in graph.outputs.iter().chain(graph.input_gradients.iter().flatten()) {
        if !defined[graph.root(value).0] {
            return Err(format!("{value} is returned but not defined"));
        }
    }
    check_gradients(graph)
}

/// As many operands and results as the operation has.
fn check_signature(node: &Node) -> Result<(), String> {
    let signature = node.op.signature();
    let (values, gradients) = (node.made().count(), node.results.len() - node.made().count());
    let read = node.read().count();
    let found = (read, node.operands.len() - read, values, gradients);
    let expected = (
        signature.values,
        signature.parameters,
        signature.results,
        signature.gradients,
    );
    if found == expected {
        Ok(())
    } else {
        Err(format!("operands and results are {found:?}, expected {expected:?}"))
    }
}

/// The shapes of the results are those of the operation's rule.
fn check_shapes(graph: &Graph, node: &Node) -> Result<(), String> {
    let operands: Vec<&Shape> = node.operands.iter().map(|operand| graph.shape(*operand)).collect();
    let Some(expected) = node.op.shapes(&operands).map_err(|misfit| misfit.to_string())? else {
        return Ok(());
    };
    for (result, expected) in node.results.iter().zip(&expected) {
        let found = graph.shape(*result);
        if !found.may_equal(expected) {
            return Err(format!("expected {expected}, found {found}"));
        }
        if node.op.class() == Class::View && !graph.shape(node.operands[0]).elements().may_equal(&found.elements()) {
            return Err(format!("a view of other elements: {found}"));
        }
    }
    Ok(())
}

/// In training every parameter has its gradient, as often as it is used.
fn check_gradients(graph: &Graph) -> Result<(), String> {
    if graph.backward.is_empty() {
        return Ok(());
    }
    for (index, parameter) in graph.parameters.iter().enumerate() {
        let made = graph.backward.iter().flat_map(|node| &node.results);
        let made = made.filter(|result| **result == Operand::Gradient(index)).count();
        let read = graph.forward.iter().flat_map(|node| &node.operands);
        let read = read.filter(|operand| **operand == Operand::Parameter(index)).count();
        if made != read || made == 0 {
            return Err(format!(
                "{} is used {read} times, and its gradient made {made} times",
                parameter.path
            ));
        }
    }
    Ok(())
}
