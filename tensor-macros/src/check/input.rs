//! The input that a model declares, and which of its sizes come with the data.

use super::sizes::{BATCH, size};
use super::variables::Variables;
use crate::errors::{Errors, with_help};
use crate::syntax::Model;
use syn::Expr;
use tensor_ops::{Poly, Shape};

/// A shape has six axes, one of which is the batch.
const MOST_AXES: usize = 5;

/// The model's input as it was declared.
pub enum Input {
    /// Not at all: the first layer that is made for a size says it.
    Undeclared,
    /// Wrongly, and told.
    Broken,
    /// Batch first.
    Declared(Shape),
}

/// `#[input(1, 28, 28)]`: the sizes of one sample, the last of which is known when the program is compiled.
pub fn input(errors: &Errors, model: &Model, variables: &mut Variables) -> Input {
    let input = match (&model.input, &model.forward) {
        (Some(input), _) => input,
        (None, Some(forward)) => &forward.inputs[0].shape,
        (None, None) => return Input::Undeclared,
    };
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

/// Names in the input that no parameter is made for, but not the last: their sizes come with the data.
pub(super) fn run_time_names(input: &Shape, made_for_a_size: &[Poly]) -> Vec<String> {
    let Some((last, before)) = input.axes().split_last() else {
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for name in before.iter().skip(1).flat_map(Poly::variables) {
        let is_static = made_for_a_size
            .iter()
            .chain([last])
            .flat_map(Poly::variables)
            .any(|other| other == name);
        if !is_static && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
