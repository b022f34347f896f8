//! `fuse`: views become names, neighbouring elementwise operations one loop, and a loop after a product the product's last step.

use crate::graph::{Graph, Node, Operand, Value};
use tensor_ops::{Class, Op, Saves, chain};

/// The same computation in fewer steps.
pub fn fuse(mut graph: Graph) -> Graph {
    name_views(&mut graph);
    while join_chains(&mut graph) {}
    while join_products(&mut graph) {}
    part_backward(&mut graph);
    graph.stage = if graph.backward.is_empty() {
        "fused for inference"
    } else {
        "fused"
    };
    graph.compact()
}

/// `%2 = flatten %1` costs nothing: `%2` is another way to look at `%1`.
fn name_views(graph: &mut Graph) {
    let views: Vec<(Value, Value)> = graph
        .nodes()
        .filter(|node| node.op.class() == Class::View)
        .filter_map(|node| Some((node.result()?, node.read().next()?)))
        .collect();
    for (view, of) in views {
        graph.values[view.0].view_of = Some(of);
    }
    graph.forward.retain(|node| node.op.class() != Class::View);
    graph.backward.retain(|node| node.op.class() != Class::View);
}

/// `%m = relu %x` and `%y = dropout %m`, where nothing else reads `%m`, are `%y = relu + dropout %x`. Their backwards likewise.
fn join_chains(graph: &mut Graph) -> bool {
    let Some((first, second)) = neighbours(graph, |op| matches!(op, Op::Elementwise(_))) else {
        return false;
    };
    let (Op::Elementwise(before), Op::Elementwise(after)) = (&graph.forward[first].op, &graph.forward[second].op)
    else {
        return false;
    };
    let joined = [before.as_slice(), after.as_slice()].concat();
    let (x, middle) = (graph.forward[first].operands[0], graph.forward[first].result());
    let y = graph.forward[second].results[0];
    if let (Some(of_first), Some(of_second)) = (
        backward_of(graph, middle),
        backward_of(graph, graph.forward[second].result()),
    ) {
        let d = graph.backward[of_second].operands.last().copied();
        let saved = match chain::saves(&joined) {
            Saves::Nothing => None,
            Saves::Output => Some(y),
            Saves::Input => Some(x),
        };
        let node = &mut graph.backward[of_first];
        node.operands = saved.into_iter().chain(d).collect();
        node.op = Op::ElementwiseBackward(joined.clone());
        node.reverses = y.value();
        graph.backward.remove(of_second);
    }
    graph.forward[second].op = Op::Elementwise(joined);
    graph.forward[second].operands = vec![x];
    graph.forward.remove(first);
    true
}

/// `%m = linear %x, ..` and `%y = relu %m`, where nothing else in forward reads `%m`, are `%y = linear + relu %x, ..`.
///
/// If backward reads `%m`, it becomes a second result.
fn join_products(graph: &mut Graph) -> bool {
    let is_plain = |op: &Op| matches!(op, Op::Linear { chain, .. } if chain.is_empty());
    let Some((first, second)) = neighbours(graph, is_plain) else {
        return false;
    };
    let (Op::Linear { bias, transposed, .. }, Op::Elementwise(ops)) =
        (&graph.forward[first].op, &graph.forward[second].op)
    else {
        return false;
    };
    let (bias, transposed, chain, middle, y) = (
        *bias,
        *transposed,
        ops.clone(),
        graph.forward[first].result(),
        graph.forward[second].results[0],
    );
    let keeps_pre = graph
        .backward
        .iter()
        .flat_map(Node::read)
        .any(|value| Some(value) == middle);
    let node = &mut graph.forward[first];
    node.op = Op::Linear {
        transposed,
        bias,
        chain,
        keeps_pre,
    };
    node.results = [y]
        .into_iter()
        .chain(middle.filter(|_| keeps_pre).map(Operand::Value))
        .collect();
    graph.forward.remove(second);
    rename(graph, middle, y);
    true
}

/// The step has the product's name: `%m`, `hidden_out`, becomes `hidden_pre`, and `%y` `hidden_out`. Their gradients likewise.
fn rename(graph: &mut Graph, middle: Option<Value>, y: Operand) {
    let (Some(middle), Operand::Value(y)) = (middle, y) else {
        return;
    };
    let out = graph.row(middle).name.clone();
    let pre = format!("{}_pre", out.strip_suffix("_out").unwrap_or(&out));
    for (value, name) in [(middle, pre), (y, out)] {
        let gradients = graph.values.iter_mut().filter(|row| row.gradient_of == Some(value));
        for (position, gradient) in gradients.enumerate() {
            gradient.name = format!("d_{name}{}", "_".repeat(position));
        }
        graph.values[value.0].name = name;
    }
}

/// A node for which `is_first` holds, and an elementwise one that alone reads its result.
fn neighbours(graph: &Graph, is_first: impl Fn(&Op) -> bool) -> Option<(usize, usize)> {
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); graph.values.len()];
    for (position, node) in graph.forward.iter().enumerate() {
        node.read().for_each(|value| readers[value.0].push(position));
    }
    // What the caller reads, or somebody under another shape, stays.
    let viewed = graph.values.iter().filter_map(|row| row.view_of);
    viewed
        .chain(graph.outputs.iter().copied())
        .for_each(|value| readers[value.0].clear());
    graph
        .forward
        .iter()
        .enumerate()
        .filter(|(_, node)| is_first(&node.op))
        .find_map(|(first, node)| {
            let [second] = readers[node.result()?.0][..] else {
                return None;
            };
            matches!(graph.forward[second].op, Op::Elementwise(_)).then_some((first, second))
        })
}

/// The backward of the elementwise operation that makes this value.
fn backward_of(graph: &Graph, value: Option<Value>) -> Option<usize> {
    let reverses = |node: &Node| matches!(node.op, Op::ElementwiseBackward(_)) && node.reverses == value;
    value.and_then(|_| graph.backward.iter().position(reverses))
}

/// What only the gradient by the input needs comes last, so that it can be left out where nobody wants that.
fn part_backward(graph: &mut Graph) {
    let teaching = graph.teaching();
    let nodes = std::mem::take(&mut graph.backward);
    let (first, last): (Vec<_>, Vec<_>) = nodes.into_iter().zip(teaching).partition(|(_, teaches)| *teaches);
    graph.backward = first.into_iter().chain(last).map(|(node, _)| node).collect();
}
