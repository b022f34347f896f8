//! Shapes, from the input to the output. A layer that failed makes an unknown shape, which agrees with everything: one mistake, one error.

use super::facts::{Facts, LayerFact, Obligation};
use super::leaves::{Leaf, tidy};
use super::resolve::{model_input, model_output};
use super::resolved::{Resolved, Wanted};
use super::sizes::{BATCH, Variables, size};
use crate::errors::{Errors, with_help};
use crate::syntax::Model;
use proc_macro2::Span;
use syn::Expr;
use tensor_ops::{Poly, Shape};

/// More weights than this in one layer are a mistake: 2^40 numbers take four terabytes.
const MOST_WEIGHTS: u64 = 1 << 40;

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
    let Some(input) = &model.input else {
        return Input::Undeclared;
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

/// Runs shapes through the layers.
pub fn infer(errors: &Errors, input: Input, leaves: &[Leaf<'_>], resolved: &[Resolved], variables: Variables) -> Facts {
    let mut inference = Inference {
        errors,
        leaves,
        current: Current::Missing,
        producer: Producer::Input,
        input: None,
        made_for_a_size: Vec::new(),
        facts: Facts {
            layers: Vec::new(),
            input: Shape::new([Poly::variable(BATCH)]),
            output: Shape::new([Poly::variable(BATCH)]),
            variables,
            obligations: Vec::new(),
        },
    };
    match input {
        Input::Undeclared => {}
        Input::Broken => inference.current = Current::Unknown,
        Input::Declared(shape) => {
            inference.input = Some(shape.clone());
            inference.current = Current::Known(shape);
        }
    }
    for (position, resolved) in resolved.iter().enumerate() {
        inference.layer(position, resolved);
    }
    inference.finish()
}

enum Current {
    /// Nothing has said what the input is.
    Missing,
    /// Something before was wrong.
    Unknown,
    Known(Shape),
}

/// Who set the size of the last axis.
#[derive(Clone, Copy)]
enum Producer {
    Input,
    Leaf(usize),
}

struct Inference<'a> {
    errors: &'a Errors,
    leaves: &'a [Leaf<'a>],
    current: Current,
    producer: Producer,
    input: Option<Shape>,
    /// Sizes of parameters: what occurs there is known when the program is compiled.
    made_for_a_size: Vec<Poly>,
    facts: Facts,
}

impl<'a> Inference<'a> {
    fn layer(&mut self, position: usize, resolved: &Resolved) {
        let leaf = &self.leaves[position];
        let (input, output) = match resolved {
            Resolved::Linear { inputs, outputs, .. } => {
                let input = self.sized(leaf, inputs, "input features");
                let Some(outputs) = outputs.clone() else {
                    return self.becomes(None);
                };
                let output = input.as_ref().map(|input| input.with_features(outputs.clone()));
                self.check_weights(leaf, input.as_ref(), &outputs);
                self.made_for_a_size.push(outputs.clone());
                // Even after a mistake in what it takes, what it makes is known if the rank is.
                self.producer = Producer::Leaf(position);
                (input, output)
            }
            Resolved::LayerNorm { features, .. } => {
                let input = self.sized(leaf, features, "features");
                (input.clone(), input)
            }
            Resolved::Model(path) => {
                let name = tidy(path);
                let size = Some(Poly::variable(&model_input(&name)));
                let wanted = Wanted {
                    size,
                    is_inferred: false,
                    span: leaf.span(),
                };
                let input = self.sized(leaf, &wanted, "input features");
                self.producer = Producer::Leaf(position);
                let output = Shape::new([Poly::variable(BATCH), Poly::variable(&model_output(&name))]);
                (input, Some(output))
            }
            Resolved::Flatten => {
                let input = self.shaped(leaf);
                let output = input.as_ref().map(Shape::flattened);
                if input.as_ref().is_some_and(|input| input.axes().len() > 2) {
                    self.producer = Producer::Leaf(position);
                    // An axis that is folded into another has no place of its own to take its size from at run time.
                    self.made_for_a_size.extend(output.as_ref().map(Shape::features));
                }
                (input, output)
            }
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax | Resolved::Identity => {
                let input = self.shaped(leaf);
                (input.clone(), input)
            }
            Resolved::Broken => (None, None),
        };
        if let (Some(input), Some(output)) = (input, &output) {
            let (path, span) = (leaf.dotted(), leaf.span());
            self.facts.layers.push(LayerFact {
                path,
                resolved: resolved.clone(),
                input,
                output: output.clone(),
                span,
            });
        }
        self.becomes(output);
    }

    fn becomes(&mut self, output: Option<Shape>) {
        self.current = output.map_or(Current::Unknown, Current::Known);
    }

    /// `relu >> linear(784, 10)`: relu takes any shape, so nothing says which.
    fn shaped(&mut self, leaf: &Leaf<'_>) -> Option<Shape> {
        match &self.current {
            Current::Known(shape) => Some(shape.clone()),
            Current::Unknown => None,
            Current::Missing => {
                let label = leaf.text();
                let message = format!("the input's shape is not known: `{label}` takes any");
                self.errors.at_span(
                    leaf.span(),
                    with_help(message, "give the model's input: `#[input(784)]`, without the batch"),
                );
                None
            }
        }
    }

    /// `hidden: linear(784, 128) >> output: linear(64, 10)`: what a layer is made for and what comes are one size.
    fn sized(&mut self, leaf: &'a Leaf<'a>, wanted: &Wanted, what: &'static str) -> Option<Shape> {
        self.made_for_a_size.extend(wanted.size.clone());
        match (&self.current, &wanted.size) {
            (Current::Known(shape), None) if wanted.is_inferred => {
                self.made_for_a_size.push(shape.features());
                Some(shape.clone())
            }
            (Current::Known(shape), Some(expected)) => {
                let shape = shape.clone();
                self.compare(leaf, expected, &shape, wanted.span, what);
                Some(shape)
            }
            (Current::Missing, Some(size)) => {
                let shape = Shape::new([Poly::variable(BATCH), size.clone()]);
                self.input = Some(shape.clone());
                Some(shape)
            }
            (Current::Missing, None) if wanted.is_inferred => {
                let message = "nothing before this `_` has a size from which to work it out";
                let help = "write the size, or give the model's input: `#[input(784)]`, without the batch";
                self.errors.at_span(wanted.span, with_help(message, help));
                None
            }
            // What a layer after a mistake is made for is right by itself: it goes on from there.
            (Current::Unknown, Some(size)) => Some(Shape::new([Poly::variable(BATCH), size.clone()])),
            (Current::Known(shape), None) => Some(shape.clone()),
            (Current::Unknown | Current::Missing, None) => None,
        }
    }

    fn compare(&mut self, leaf: &Leaf<'_>, expected: &Poly, shape: &Shape, span: Span, what: &'static str) {
        let found = shape.features();
        if *expected == found {
            return;
        }
        let (consumer, producer) = match self.producer {
            Producer::Input => (leaf.own_label(), "the input has".to_owned()),
            Producer::Leaf(position) => {
                let before = &self.leaves[position];
                let (label, text) = (before.label(leaf), before.text());
                let where_it_is = if label == text { " before it" } else { "" };
                (leaf.label(before), format!("`{label}`{where_it_is} produces"))
            }
        };
        if expected.may_equal(&found) {
            self.facts.obligations.push(Obligation {
                producer,
                found,
                consumer,
                expected: expected.clone(),
                what,
                span,
            });
            return;
        }
        let help = if shape.flattened().features() == *expected {
            format!("the shape here is {shape}; put `flatten` before it")
        } else {
            format!("write {found}, or `_` to have it worked out")
        };
        let message = format!("`{consumer}` expects {expected} {what}, but {producer} {found}");
        self.errors.at_span(span, with_help(message, help));
    }

    /// `linear(2000000000, 2000000000)`: each size is possible, the layer is not.
    fn check_weights(&self, leaf: &Leaf<'_>, input: Option<&Shape>, outputs: &Poly) {
        let Some(inputs) = input.map(Shape::features) else {
            return;
        };
        if let Some(weights) = (&inputs * outputs).as_number()
            && weights > MOST_WEIGHTS
        {
            let message = format!(
                "`{}` would have {weights} weights: the limit is {MOST_WEIGHTS}",
                leaf.own_label()
            );
            self.errors.at_span(leaf.span(), message);
        }
    }

    fn finish(mut self) -> Facts {
        if let Some(input) = self.input {
            self.facts
                .variables
                .make_run_time(&run_time_names(&input, &self.made_for_a_size));
            self.facts.input = input;
        }
        if let Current::Known(output) = self.current {
            self.facts.output = output;
        }
        self.facts
    }
}

/// Names in the input that no parameter is made for, but not the last: their sizes come with the data.
fn run_time_names(input: &Shape, made_for_a_size: &[Poly]) -> Vec<String> {
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
