//! Shapes, from the input to the output. A layer that failed makes an unknown shape, which agrees with everything: one mistake, one error.

use super::elements::Elements;
use super::facts::{Facts, Fit, GivenFact, LayerFact, Obligation};
use super::flow::Flow;
use super::input::{Input, run_time_names};
use super::joins::Joined;
pub(super) use super::known::{Current, Known, Producer};
use super::leaves::Leaf;
use super::resolved::{ModelType, Resolved, Wanted};
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
            Resolved::Embedding { num, features } => {
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
            Resolved::Parameter(_) => {
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

    /// Two sizes of which rustc is to say whether they are one: `consumer` expects the first, `producer` says who has the second.
    pub(super) fn oblige(
        &mut self,
        [consumer, producer]: [String; 2],
        [expected, found]: [&Poly; 2],
        what: &'static str,
        span: Span,
    ) {
        self.facts.obligations.push(Obligation {
            producer,
            found: found.clone(),
            consumer,
            expected: expected.clone(),
            what,
            span,
        });
    }

    /// `Down<64, 28> >> Basic<64, 28>`: what the one makes the other takes as its `input`-th value, which rustc is to say. Whether nothing
    /// else is known of its shape.
    pub(super) fn fits(&mut self, leaf: &Leaf<'_>, expected: (&ModelType, usize), known: &Known) -> bool {
        let Some((model, output)) = self.facts.variables.made_by(&known.shape) else {
            return false;
        };
        let found = (model.clone(), output);
        let (consumer, producer) = self.labels(leaf, known, 1);
        self.facts.fits.push(Fit {
            producer,
            found,
            consumer,
            expected: (expected.0.clone(), expected.1),
            is_made: false,
            span: leaf.span(),
        });
        true
    }

    /// What a message calls a layer, and who sets the size of an axis that it is given.
    pub(super) fn labels(&self, leaf: &Leaf<'_>, known: &Known, axis: usize) -> (String, String) {
        match known.makers[axis] {
            Producer::Input(_) if self.inputs.len() == 1 => (leaf.own_label(), "the input has".to_owned()),
            Producer::Input(input) => (leaf.own_label(), format!("the input `{}` has", self.inputs[input].0)),
            Producer::Function(name) => (leaf.own_label(), format!("`{name}` before it produces")),
            Producer::Leaf(position) => {
                let before = &self.leaves[position];
                let (label, text) = (before.label(leaf), before.text());
                let where_it_is = if label == text { " before it" } else { "" };
                (leaf.label(before), format!("`{label}`{where_it_is} produces"))
            }
        }
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

    /// `hidden: linear(784, 128) >> output: linear(64, 10)`: what a layer is made for and what comes are one size.
    pub(super) fn sized(&mut self, leaf: &'a Leaf<'a>, wanted: &Wanted, what: &'static str) -> Option<Known> {
        self.made_for_a_size.extend(wanted.size.clone());
        match (&self.current, &wanted.size) {
            (Current::Known(known), None) if wanted.is_inferred => {
                self.made_for_a_size.push(known.shape.features());
                Some(known.clone())
            }
            (Current::Known(known), Some(expected)) => {
                let known = known.clone();
                self.compare(leaf, expected, &known, known.shape.axes().len() - 1, wanted.span, what);
                Some(known)
            }
            (Current::Missing, Some(size)) => {
                let shape = Shape::new([Poly::variable(BATCH), size.clone()]);
                Some(self.begin(shape))
            }
            (Current::Missing, None) if wanted.is_inferred => {
                let message = "nothing before this `_` has a size from which to work it out";
                let help = "write the size, or give the model's input: `#[input(784)]`, without the batch";
                self.errors.at_span(wanted.span, with_help(message, help));
                None
            }
            // What a layer after a mistake is made for is right by itself: it goes on from there.
            (Current::Unknown, Some(size)) => Some(Known {
                value: 0,
                shape: Shape::new([Poly::variable(BATCH), size.clone()]),
                makers: vec![Producer::Input(0); 2],
                arithmetic: None,
            }),
            (Current::Known(known), None) => Some(known.clone()),
            (Current::Unknown | Current::Missing, None) => None,
        }
    }

    /// Whether an axis has the size that a layer is made for; where that is for rustc to say, it does.
    pub(super) fn compare(
        &mut self,
        leaf: &Leaf<'_>,
        expected: &Poly,
        known: &Known,
        axis: usize,
        span: Span,
        what: &'static str,
    ) {
        let found = known.shape.axes()[axis].clone();
        if *expected == found {
            return;
        }
        let (consumer, producer) = self.labels(leaf, known, axis);
        if self.facts.variables.may_equal(expected, &found) {
            return self.oblige([consumer, producer], [expected, &found], what, span);
        }
        let is_last = axis + 1 == known.shape.axes().len();
        let help = if is_last && known.shape.flattened().features() == *expected {
            format!("the shape here is {}; put `flatten` before it", known.shape)
        } else {
            format!("write {found}, or `_` to have it worked out")
        };
        let message = format!("`{consumer}` expects {expected} {what}, but {producer} {found}");
        let note = known.arithmetic.as_ref().filter(|_| is_last);
        let note = note.map_or_else(String::new, |arithmetic| format!("\nnote: {arithmetic}"));
        self.errors.at_span(span, with_help(message, help) + &note);
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

    /// `x + y` of `[Seq, 64]` and `[Len, 64]`: two names that come with the data are two sizes.
    fn check_names(&mut self) {
        let variables = &self.facts.variables;
        let is_foreign = |size: &Poly| size.variables().any(|name| name.contains("::"));
        let differ = |obligation: &Obligation| {
            let sizes = [&obligation.expected, &obligation.found];
            sizes.iter().any(|size| variables.is_run_time(size)) && !sizes.iter().any(|size| is_foreign(size))
        };
        for obligation in self.facts.obligations.iter().filter(|obligation| differ(obligation)) {
            let Obligation {
                producer,
                found,
                consumer,
                expected,
                what,
                span,
            } = obligation;
            let message = format!("`{consumer}` expects {expected} {what}, but {producer} {found}");
            let help = "a size that comes with the data is the same only as one of its name: write one name for both";
            self.errors.at_span(*span, with_help(message, help));
        }
        self.facts.obligations.retain(|obligation| !differ(obligation));
    }
}

/// Which axes of its result a layer sets the sizes of.
#[derive(Clone, Copy)]
pub(super) enum Axes {
    None,
    Last,
    All,
}
