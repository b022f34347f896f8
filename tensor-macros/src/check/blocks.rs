//! Shapes through layers over blocks of several axes.

use super::facts::ELEMENTS;
use super::leaves::Leaf;
use super::resolved::{Block, Resolved, Wanted};
use super::shapes::{Axes, Current, Inference, Known};
use super::sizes::BATCH;
use super::variables::Division;
use crate::errors::with_help;
use proc_macro2::Span;
use tensor_ops::primitive::{Features, count};
use tensor_ops::{Misfit, Poly, Shape};

/// What a layer over blocks is made for, and where that is written.
pub(super) struct MadeFor<'a> {
    pub(super) takes: Option<&'a Wanted>,
    pub(super) features: Features,
    /// The axes behind the channels that it goes over.
    pub(super) rank: usize,
    pub(super) arguments: &'a [(&'static str, Span)],
}

impl Block {
    fn made_for(&self) -> MadeFor<'_> {
        MadeFor {
            takes: self.takes.as_ref(),
            features: self.primitive.features(),
            rank: self.primitive.rank(),
            arguments: &self.arguments,
        }
    }
}

impl Inference<'_> {
    /// `conv2d(1, 6, 5)`: its axes, then its channels, then its arithmetic.
    pub(super) fn block(&mut self, position: usize, resolved: &Resolved, block: &Block) {
        let leaf = &self.leaves[position];
        let made_for = block.made_for();
        let Some(input) = self.imaged(leaf, &made_for) else {
            return self.fails();
        };
        let primitive = &block.primitive;
        if let Err(misfit) = primitive.check_axes(&input.shape) {
            if self.facts.variables.made_by(&input.shape).is_some() {
                self.unknown_axes(leaf, &input);
                return self.fails();
            }
            self.misfit(leaf, &made_for, &input.shape, &misfit);
            return self.fails();
        }
        let mut shape = input.shape.clone();
        if let Some(wanted) = &block.takes {
            shape = self.featured(leaf, &input, wanted, primitive.features());
        }
        let made = primitive
            .parameter_shapes(&[&shape], block.makes.as_ref())
            .and_then(|parameters| {
                let all: Vec<&Shape> = parameters.iter().collect();
                // What makes no channels of its own hands on those that came, also after a mistake in what it is made for.
                let comes = if block.makes.is_some() { &shape } else { &input.shape };
                let made = primitive.made(&[comes], &all)?;
                Ok((parameters, made))
            });
        let (parameters, made) = match made {
            Ok(made) => made,
            Err(misfit) => {
                self.misfit(leaf, &made_for, &shape, &misfit);
                return self.fails();
            }
        };
        for parameter in &parameters {
            let sizes = parameter.axes();
            self.made_for_a_size.extend(sizes.iter().cloned());
            if let Some((first, rest)) = sizes.split_first() {
                self.check_weights(leaf, first, &rest.iter().product());
            }
        }
        let shared = primitive.shared(&[&shape], &parameters.iter().collect::<Vec<_>>());
        self.shared(leaf, &made_for, shared);
        // A pooling takes the channels as they come, and so does everything that leaves an axis as it is.
        let kept: Vec<bool> = (0..made.shape.axes().len())
            .map(|axis| block.makes.is_none() && input.shape.axes().get(axis) == made.shape.axes().get(axis))
            .collect();
        let makers = input.makers.clone();
        let arithmetic = (!made.steps.is_empty()).then(|| {
            let sizes: Vec<String> = made.shape.axes()[1..].iter().map(Poly::to_string).collect();
            format!(
                "`{}` gives [{}]: {}",
                leaf.text(),
                sizes.join(", "),
                made.steps.join(", ")
            )
        });
        self.makes(position, resolved, input, made.shape, Axes::All);
        if let Current::Known(known) = &mut self.current {
            for (axis, kept) in kept.into_iter().enumerate() {
                if let (true, Some(maker)) = (kept, makers.get(axis)) {
                    known.makers[axis] = *maker;
                }
            }
            known.arithmetic = arithmetic;
        }
    }

    /// `attention(H)` of a width of `D`: whether so many divide it says whoever knows both.
    pub(super) fn shared(&mut self, leaf: &Leaf<'_>, layer: &MadeFor<'_>, shared: Vec<(Poly, usize)>) {
        let argument = layer.arguments.iter();
        let argument = argument.filter(|(name, _)| name.ends_with("heads") || name.ends_with("groups"));
        let span = argument.map(|(_, span)| *span).next().unwrap_or(leaf.span());
        for (dividend, count) in shared {
            let divisor = count::size(count);
            let Some(quotient) = dividend.over(&divisor).filter(|quotient| !quotient.is_whole()) else {
                continue;
            };
            let text = quotient.to_string();
            let divisions = &mut self.facts.variables.divisions;
            if divisions.iter().all(|known| known.text != text) {
                divisions.push(Division {
                    dividend,
                    divisor,
                    text,
                    span,
                });
            }
        }
    }

    /// `Down<64, 28> >> conv2d(128, 3, 1)`: what axes the model makes only rustc knows.
    pub(super) fn unknown_axes(&self, leaf: &Leaf<'_>, input: &Known) {
        let (consumer, producer) = self.labels(leaf, input, 1);
        let message = format!("`{consumer}` must know the axes of what {producer}");
        let help = "put `reshape(..)` with the sizes of a sample between the two, or write a struct with a forward, where `let y: [..] = ..;` says them";
        self.errors.at_span(leaf.span(), with_help(message, help));
    }

    /// `reshape(1, 28, 28)`: as many elements as there are.
    pub(super) fn reshape(&mut self, position: usize, resolved: &Resolved, sizes: &[Poly], span: Span) {
        let leaf = &self.leaves[position];
        let Some(input) = self.shaped(leaf) else {
            return self.fails();
        };
        let output = Shape::new([input.shape.axes()[0].clone()].into_iter().chain(sizes.iter().cloned()));
        let elements = |shape: &Shape| shape.axes()[1..].iter().product::<Poly>();
        let (found, expected) = (elements(&input.shape), elements(&output));
        if self.facts.variables.made_by(&input.shape).is_some() {
            let texts = [leaf.own_label(), self.labels(leaf, &input, 1).1];
            self.oblige(texts, [&expected, &found], ELEMENTS, span);
        } else if found != expected {
            let message = format!(
                "`{}` makes {expected} elements of each sample, but {} has {found}",
                leaf.text(),
                input.shape
            );
            let help = format!("write sizes whose product is {found}");
            self.errors.at_span(span, with_help(message, help));
            return self.fails();
        }
        self.made_for_a_size.extend(sizes.iter().cloned());
        self.made_for_a_size.push(found);
        self.makes(position, resolved, input, output, Axes::All);
    }

    /// `conv2d(3, 64, 7)` as the first layer: how large are the images?
    pub(super) fn imaged(&mut self, leaf: &Leaf<'_>, layer: &MadeFor<'_>) -> Option<Known> {
        if !matches!(self.current, Current::Missing) {
            return self.shaped(leaf);
        }
        let size = layer.takes.and_then(|wanted| wanted.size.clone());
        if let (Features::Last, Some(size), 0) = (layer.features, size, layer.rank) {
            return Some(self.begin(Shape::new([Poly::variable(BATCH), size])));
        }
        let message = format!(
            "the input's shape is not known: `{}` takes axes of any size",
            leaf.text()
        );
        let channels = layer.takes.and_then(|wanted| wanted.size.as_ref());
        let channels = channels.map_or_else(|| "3".to_owned(), Poly::to_string);
        let sizes = ["100", "32, 32", "16, 32, 32"];
        let rank = layer.rank.clamp(1, 3);
        let sizes = match layer.features {
            Features::Channels => format!("{channels}, {}", sizes[rank - 1]),
            Features::Last => format!("{}, {channels}", sizes[rank - 1]),
        };
        let help = format!("give the model's input, without the batch: `#[input({sizes})]`");
        self.errors.at_span(leaf.span(), with_help(message, help));
        None
    }

    /// The shape with the channels that the layer is made for, which are compared with those that come.
    pub(super) fn featured(&mut self, leaf: &Leaf<'_>, input: &Known, wanted: &Wanted, features: Features) -> Shape {
        let axis = features.axis(&input.shape);
        let what = match features {
            Features::Channels => "input channels",
            Features::Last => "features",
        };
        let Some(expected) = &wanted.size else {
            self.made_for_a_size.push(input.shape.axes()[axis].clone());
            return input.shape.clone();
        };
        self.made_for_a_size.push(expected.clone());
        self.compare(leaf, expected, input, axis, wanted.span, what);
        let mut axes = input.shape.axes().to_vec();
        axes[axis] = expected.clone();
        Shape::new(axes)
    }

    /// What does not fit, at the argument that is to be changed.
    pub(super) fn misfit(&self, leaf: &Leaf<'_>, layer: &MadeFor<'_>, shape: &Shape, misfit: &Misfit) {
        let argument = layer
            .arguments
            .iter()
            .find(|(name, _)| misfit.argument().is_some_and(|argument| name.ends_with(argument)))
            .map(|(_, span)| *span);
        let message = format!("`{}` {misfit}", leaf.text());
        let batch = format!("[{BATCH}, ");
        let help = match misfit {
            Misfit::Axes { needs, .. } if !needs.contains('[') => {
                format!("name {} axes, those behind the batch", shape.axes().len() - 1)
            }
            Misfit::Axes { needs, .. } => {
                let first = needs.split(" or ").last().unwrap_or(needs);
                let sizes = first.trim_start_matches(&batch).trim_end_matches(']');
                match shape.axes().len() {
                    2 => format!("put `reshape({sizes})` before it, or give such an input: `#[input({sizes})]`"),
                    _ => format!("give it {needs}"),
                }
            }
            Misfit::Window { span, padded, .. } => {
                let kernel = format!("the shape here is {shape}; write a kernel that spans at most {padded}");
                match leaf.may_be_given("padding") {
                    true => format!(
                        "{kernel}, or {} more zeros on both sides: `padding = ..`",
                        (span - padded).div_ceil(2)
                    ),
                    false => kernel,
                }
            }
            Misfit::Padding { most, .. } => format!("write {most}, or a larger kernel"),
            Misfit::Groups { groups, .. } if argument.is_none() => format!("give it a multiple of {groups} channels"),
            Misfit::Groups { channels, groups, .. } => match channels.as_number() {
                Some(channels) => format!("write {}, which divides {channels}", common(channels, *groups)),
                None => "write a number that divides it".to_owned(),
            },
            Misfit::Axis { .. } | Misfit::Order { .. } => format!("the shape here is {shape}; the batch is axis 0"),
            Misfit::Bare => match leaf.may_be_given("keep") {
                true => format!("the shape here is {shape}; write `keep = true` to have an axis of 1 in its place"),
                false => format!("the shape here is {shape}; what is left of a sample must have an axis"),
            },
            Misfit::Place { .. } => format!("the shape here is {shape}; -1 is the last place"),
            Misfit::Halves { .. } => format!("the shape here is {shape}; write an axis of an even size"),
            Misfit::Factor { factor, .. } => {
                format!("the shape here is {shape}; give it sizes that are multiples of {factor}")
            }
            Misfit::Product { size, .. } => format!("write sizes whose product is {size}"),
            Misfit::Border { most: Some(most), .. } => format!("write {most} or less"),
            Misfit::Border { .. } => "write the input's sizes as numbers, or a border of zeros".to_owned(),
            Misfit::Numbers { .. } => format!("the shape here is {shape}"),
            Misfit::PerChannel { channels, .. } => format!("write 1, for all channels, or {channels}"),
            Misfit::Width { width, heads } => match width.as_number() {
                Some(width) => format!("write {}, which divides {width}", common(width, *heads)),
                None => "write a number that divides it".to_owned(),
            },
            Misfit::Apart { .. } => {
                "write a number, or three `linear` and `scaled_dot_product_attention(q, k, v)`".to_owned()
            }
            Misfit::Nothing { .. } => "write less padding, or a larger kernel".to_owned(),
            Misfit::Heads { heads, .. } => {
                format!("put `linear(_, 3 * width)` before it, where {heads} divides the width")
            }
            Misfit::Nameless { .. } => {
                "write the input's sizes as numbers, or windows that keep them: `padding = same` with a stride of 1"
                    .to_owned()
            }
            Misfit::Features { .. } | Misfit::Shapes { .. } | Misfit::Operands { .. } => {
                "give it operands that fit".to_owned()
            }
        };
        self.errors
            .at_span(argument.unwrap_or(leaf.span()), with_help(message, help));
    }
}

/// The greatest number that divides both.
fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common(b, a % b) }
}
