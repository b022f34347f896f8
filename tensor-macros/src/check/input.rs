//! The inputs that a model declares, and which of their sizes come with the data.

use super::elements::Elements;
use super::leaves::plain;
use super::sizes::{BATCH, size};
use super::variables::Variables;
use crate::errors::{Errors, with_help};
use crate::syntax::{self, Model};
use syn::Expr;
use tensor_ops::{Poly, Shape};

/// A shape has six axes, one of which is the batch.
const MOST_AXES: usize = 5;

/// An input of the model as it was declared.
pub enum Input {
    /// Not at all: the first layer that is made for a size says it.
    Undeclared,
    /// Wrongly, and told.
    Broken,
    /// Batch first.
    Declared(Shape),
}

/// What a model takes, each with its name. A chain takes one value.
pub fn inputs(errors: &Errors, model: &Model, variables: &mut Variables) -> Vec<(String, Input)> {
    match (&model.input, &model.forward) {
        (Some(shape), None) => vec![("input".to_owned(), input(errors, shape, variables))],
        (None, None) => vec![("input".to_owned(), Input::Undeclared)],
        (_, Some(forward)) => {
            let inputs = forward.inputs.iter();
            inputs
                .map(|given| (plain(&given.name), input(errors, &given.shape, variables)))
                .collect()
        }
    }
}

/// `#[input(1, 28, 28)]`: the sizes of one sample.
pub(super) fn input(errors: &Errors, input: &syntax::Input, variables: &mut Variables) -> Input {
    if input.sizes.is_empty() {
        let help = "write the sizes of one sample without the batch: `#[input(784)]`";
        errors.at_span(input.span, with_help("the input's shape is empty", help));
        return Input::Broken;
    }
    if let Some(extra) = input.sizes.get(MOST_AXES) {
        let message = format!("a sample has at most {MOST_AXES} axes, this is one more");
        errors.at(extra, with_help(message, "join axes: `28 * 28`"));
        return Input::Broken;
    }
    let mut axes = vec![Some(Poly::variable(BATCH))];
    for expression in &input.sizes {
        if matches!(expression, Expr::Infer(_)) {
            errors.at(
                expression,
                with_help("the input's sizes cannot be worked out", "write the size"),
            );
            axes.push(None);
        } else if names_the_batch(expression) {
            let help = "remove it: every input has a batch in front";
            errors.at(expression, with_help("the batch is not part of a sample's shape", help));
            axes.push(None);
        } else {
            axes.push(size(errors, expression, variables));
        }
    }
    match axes.into_iter().collect::<Option<Vec<Poly>>>() {
        Some(axes) => Input::Declared(Shape::new(axes)),
        None => Input::Broken,
    }
}

fn names_the_batch(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Batch"))
}

/// Names in the inputs that no parameter is made for: their sizes come with the data, each from the first axis that is it. A name in the
/// last axis of the first input is such only where another axis is it as well.
pub(super) fn run_time_names(
    inputs: &[&Shape],
    elements: &[Elements],
    made_for_a_size: &[Poly],
) -> Vec<(String, [usize; 2])> {
    let axes = || {
        let inputs = inputs.iter().enumerate();
        inputs.flat_map(|(input, shape)| {
            let axes = shape.axes().iter().enumerate().skip(1);
            axes.map(move |(axis, size)| ([input, axis], size))
        })
    };
    // Nothing is made for the last axis of whole numbers.
    let is_whole = matches!(elements.first(), Some(Elements::Whole));
    let last = [0, inputs.first().map_or(0, |shape| shape.axes().len() - 1)];
    let mut names: Vec<(String, [usize; 2])> = Vec::new();
    for (place, size) in axes().filter(|(place, _)| *place != last || is_whole) {
        let mut variables = size.variables();
        let (Some(name), None) = (variables.next(), variables.next()) else {
            continue;
        };
        let is = |other: &Poly| other.variables().any(|other| other == name);
        // What is a part of a size only cannot be taken from it.
        let is_by_itself = |size: &Poly| *size == Poly::variable(name) || !is(size);
        let is_alone = inputs.len() == 1 && !is_whole && inputs[0].axes().last().is_some_and(is);
        let is_static = made_for_a_size.iter().any(is) || !axes().all(|(_, size)| is_by_itself(size)) || is_alone;
        if !is_static && !names.iter().any(|(known, _)| known == name) {
            names.push((name.to_owned(), place));
        }
    }
    names
}
