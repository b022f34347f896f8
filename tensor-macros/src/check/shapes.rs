//! Shapes, from the input to the output. A layer that failed makes an unknown shape, which agrees with everything: one mistake, one error.

use super::elements::Elements;
use super::facts::{Facts, GivenFact, LayerFact};
use super::flow::Flow;
use super::input::{Input, run_time_names};
use super::joins::Joined;
pub(super) use super::known::{Current, Known, Producer};
use super::leaves::Leaf;
use super::resolved::Resolved;
use super::sizes::BATCH;
use super::variables::Variables;
use crate::errors::{Errors, with_help};
use proc_macro2::Span;
use tensor_ops::{Poly, Shape};

/// More weights than this in one layer are a mistake: 2^40 numbers take four terabytes.
const MOST_WEIGHTS: u64 = 1 << 40;

/// Runs shapes through the layers: one after the other, or as a forward says.
pub fn infer(
    errors: &Errors,
    (inputs, elements): (Vec<(String, Input)>, Vec<Elements>),
    (leaves, functions): (&[Leaf<'_>], usize),
    (flow, joins): (Option<&Flow<'_>>, &[Joined]),
    resolved: &[Resolved],
    variables: Variables,
) -> Facts {
    let mut inference = Inference {
        errors,
        leaves,
        parts: leaves.len() - functions,
        current: Current::Missing,
        beside: Vec::new(),
        makes_beside: 0,
        others: Vec::new(),
        inputs: Vec::new(),
        made_for_a_size: Vec::new(),
        returned: Vec::new(),
        elements,
        nested_makes: None,
        facts: Facts::unknown(variables),
    };
    inference.facts.makers = vec![None; inputs.len()];
    for (name, input) in inputs {
        inference.inputs.push((name, None));
        match input {
            Input::Undeclared => {}
            Input::Broken => inference.current = Current::Unknown,
            Input::Declared(shape) => drop(inference.begin(shape)),
        }
    }
    match flow {
        Some(flow) => inference.flow(flow, resolved),
        None => inference.chain(joins, resolved),
    }
    inference.finish(flow)
}

pub(super) struct Inference<'a> {
    pub(super) errors: &'a Errors,
    /// The parts, then the functions that a forward calls.
    pub(super) leaves: &'a [Leaf<'a>],
    /// How many of them are parts.
    parts: usize,
    pub(super) current: Current,
    /// What the layer of a forward takes beside the current value, each with where it is written.
    pub(super) beside: Vec<(Known, Span)>,
    /// How many values it is to make beside the first.
    pub(super) makes_beside: usize,
    /// Those.
    pub(super) others: Vec<Known>,
    /// What the model takes, as far as it is known.
    pub(super) inputs: Vec<(String, Option<Shape>)>,
    /// Sizes of parameters: what occurs there is known when the program is compiled.
    pub(super) made_for_a_size: Vec<Poly>,
    /// What the next nested model of a chain is taken to make, where that is not one axis after the batch.
    pub(super) nested_makes: Option<Shape>,
    /// What each of the inputs consists of.
    elements: Vec<Elements>,
    /// What comes out of a forward.
    pub(super) returned: Vec<Known>,
    pub(super) facts: Facts,
}

impl<'a> Inference<'a> {
    /// The last input is known, and is the current value.
    pub(super) fn begin(&mut self, shape: Shape) -> Known {
        let value = self.inputs.len() - 1;
        self.inputs[value].1 = Some(shape.clone());
        let makers = vec![Producer::Input(value); shape.axes().len()];
        let known = Known {
            value,
            shape,
            makers,
            arithmetic: None,
        };
        self.current = Current::Known(known.clone());
        known
    }

    pub(super) fn layer(&mut self, position: usize, resolved: &Resolved) {
        let leaf = &self.leaves[position];
        match resolved {
            Resolved::Linear { inputs, outputs, .. } => {
                let input = self.sized(leaf, inputs, "input features");
                let (Some(input), Some(outputs)) = (input, outputs.clone()) else {
                    return self.fails();
                };
                self.check_weights(leaf, &input.shape.features(), &outputs);
                self.made_for_a_size.push(outputs.clone());
                // Even after a mistake in what it takes, what it makes is known if the rank is.
                let output = input.shape.with_features(outputs);
                self.makes(position, resolved, input, output, Axes::Last);
            }
            Resolved::Embedding { num, features, .. } => {
                let (Some(num), Some(features)) = (num.clone(), features.clone()) else {
                    return self.fails();
                };
                self.check_weights(leaf, &num, &features);
                self.made_for_a_size.extend([num, features.clone()]);
                let Some(input) = self.shaped(leaf) else {
                    return self.fails();
                };
                let axes = input.shape.axes().iter().cloned().chain([features]);
                let output = Shape::new(axes);
                if output.axes().len() > 6 {
                    let message = format!("`{}` makes one more axis than the six there may be", leaf.text());
                    self.errors
                        .at_span(leaf.span(), with_help(message, "join axes of its input"));
                    return self.fails();
                }
                self.makes(position, resolved, input, output, Axes::Last);
            }
            Resolved::LayerNorm { features, .. } => {
                let Some(input) = self.sized(leaf, features, "features") else {
                    return self.fails();
                };
                let output = match &features.size {
                    Some(size) => input.shape.with_features(size.clone()),
                    None => input.shape.clone(),
                };
                self.makes(position, resolved, input, output, Axes::None);
            }
            Resolved::Model(model) => {
                let features = Poly::variable(&super::resolve::model_output(&model.text(), 0));
                let makes = Shape::new([Poly::variable(BATCH), features]);
                let input = match &self.current {
                    Current::Known(known) => Some(known.clone()),
                    Current::Missing | Current::Unknown => None,
                };
                let makes = vec![self.nested_makes.take().or(Some(makes))];
                let made = self.nested(position, resolved, vec![input], makes);
                let made = made.into_iter().next().flatten();
                self.current = made.map_or(Current::Unknown, Current::Known);
            }
            Resolved::Flatten => {
                let Some(input) = self.shaped(leaf) else {
                    return self.fails();
                };
                let output = input.shape.flattened();
                if input.shape.axes().len() <= 2 {
                    return self.makes(position, resolved, input, output, Axes::None);
                }
                // An axis that is folded into another has no place of its own to take its size from at run time.
                self.made_for_a_size.push(output.features());
                self.makes(position, resolved, input, output, Axes::All);
            }
            Resolved::Reshape(sizes, span) => self.reshape(position, resolved, sizes, *span),
            Resolved::Block(block) => self.block(position, resolved, block),
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax | Resolved::Identity => {
                let Some(input) = self.shaped(leaf) else {
                    return self.fails();
                };
                let output = input.shape.clone();
                self.makes(position, resolved, input, output, Axes::None);
            }
            Resolved::Composed(composed) => self.composed(position, resolved, composed),
            Resolved::Parameter(_) | Resolved::Buffer(_) => {
                let message = format!("`{}` is a value, and nothing runs through it", leaf.text());
                let help = "write how values go: `#[forward(|x: [784]| output(x + position))]`";
                self.errors.at_span(leaf.span(), with_help(message, help));
                self.fails();
            }
            Resolved::Binary(_) | Resolved::Inner(_) | Resolved::Broken => self.fails(),
        }
    }

    /// What comes after has nothing to go by.
    pub(super) fn fails(&mut self) {
        self.current = Current::Unknown;
    }

    /// Notes what a leaf takes and makes, and which axes it set.
    pub(super) fn makes(&mut self, position: usize, resolved: &Resolved, input: Known, output: Shape, sets: Axes) {
        let leaf = &self.leaves[position];
        let count = output.axes().len();
        let set = |axis: usize| match sets {
            Axes::None => false,
            Axes::Last => axis + 1 == count,
            Axes::All => true,
        };
        let maker = |axis: usize| match set(axis) {
            true => Producer::Leaf(position),
            false => input.makers.get(axis).copied().unwrap_or(Producer::Input(0)),
        };
        let makers = (0..count).map(maker).collect();
        let value = self.push(LayerFact {
            leaf: self.part(position),
            path: leaf.dotted(),
            resolved: resolved.clone(),
            inputs: vec![input.value],
            input: input.shape,
            beside: Vec::new(),
            output: output.clone(),
            others: Vec::new(),
            span: leaf.span(),
        });
        let arithmetic = input
            .arithmetic
            .filter(|_| matches!(sets, Axes::None) || matches!(resolved, Resolved::Flatten));
        self.current = Current::Known(Known {
            value,
            shape: output,
            makers,
            arithmetic,
        });
    }

    /// Notes a step; gives the number of the first value that it makes.
    pub(super) fn push(&mut self, fact: LayerFact) -> usize {
        let (value, step) = (self.facts.makers.len(), self.facts.layers.len());
        let made = 1 + fact.others.len();
        self.facts.makers.extend(std::iter::repeat_n(Some(step), made));
        self.facts.layers.push(fact);
        value
    }

    /// Which part a leaf is; `None` for a function.
    pub(super) fn part(&self, position: usize) -> Option<usize> {
        (position < self.parts).then_some(position)
    }

    /// `relu >> linear(784, 10)`: relu takes any shape, so nothing says which.
    pub(super) fn shaped(&mut self, leaf: &Leaf<'_>) -> Option<Known> {
        match &self.current {
            Current::Known(known) => Some(known.clone()),
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

    /// `linear(2000000000, 2000000000)`: each size is possible, the layer is not.
    pub(super) fn check_weights(&self, leaf: &Leaf<'_>, inputs: &Poly, outputs: &Poly) {
        if let Some(weights) = (inputs * outputs).as_number()
            && weights > MOST_WEIGHTS
        {
            let message = format!(
                "`{}` would have {weights} weights: the limit is {MOST_WEIGHTS}",
                leaf.own_label()
            );
            self.errors.at_span(leaf.span(), message);
        }
    }

    fn finish(mut self, flow: Option<&Flow<'_>>) -> Facts {
        let divisions = &self.facts.variables.divisions;
        let parts = divisions
            .iter()
            .flat_map(|division| [&division.dividend, &division.divisor]);
        self.made_for_a_size.extend(parts.cloned());
        let given = self.inputs.iter().filter_map(|(_, shape)| shape.as_ref());
        let given: Vec<&Shape> = given.collect();
        let names = run_time_names(&given, &self.elements, &self.made_for_a_size);
        self.facts.variables.make_run_time(&names);
        self.check_names();
        let inputs = std::mem::take(&mut self.inputs).into_iter();
        self.facts.inputs = inputs
            .zip(std::mem::take(&mut self.elements))
            .filter_map(|((name, shape), elements)| Some((name, shape?, elements)))
            .map(|(name, shape, elements)| GivenFact { name, shape, elements })
            .collect();
        let made = match (flow, self.current) {
            (Some(_), _) => std::mem::take(&mut self.returned),
            (None, Current::Known(known)) => vec![known],
            (None, Current::Missing | Current::Unknown) => Vec::new(),
        };
        self.facts.outputs = made.iter().map(|known| known.value).collect();
        self.facts.output_shapes = made.into_iter().map(|known| known.shape).collect();
        self.facts
    }
}

/// Which axes of its result a layer sets the sizes of.
#[derive(Clone, Copy)]
pub(super) enum Axes {
    None,
    Last,
    All,
}
