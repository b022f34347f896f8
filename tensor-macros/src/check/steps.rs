//! Shapes through the actions of a forward.

use super::facts::{Fit, LayerFact};
use super::flow::{Action, Flow};
use super::resolved::{Block, Resolved};
use super::shapes::{Current, Inference, Known, Producer};
use crate::errors::with_help;
use proc_macro2::Span;
use tensor_ops::primitive::{Cat, Slice};
use tensor_ops::{Binary, Poly, Primitive, Shape};

impl Inference<'_> {
    /// Runs every action on the shapes of what it takes. What fails makes an unknown shape.
    pub(super) fn flow(&mut self, flow: &Flow<'_>, resolved: &[Resolved]) {
        let known = |(value, (_, shape)): (usize, &(String, Option<Shape>))| {
            shape.clone().map(|shape| Known {
                value,
                makers: vec![Producer::Input(value); shape.axes().len()],
                shape,
                arithmetic: None,
            })
        };
        let mut values: Vec<Option<Known>> = self.inputs.iter().enumerate().map(known).collect();
        for (position, action) in flow.actions.iter().enumerate() {
            let made = match action {
                Action::Run {
                    leaf,
                    inputs,
                    at,
                    makes,
                    is_inside,
                } => {
                    let inputs: Vec<_> = inputs.iter().map(|input| values[*input].clone()).collect();
                    if let Resolved::Model(_) = &resolved[*leaf] {
                        let next = &flow.actions[position + 1..];
                        let makes = self.declared_next(next, values.len(), *makes, (&inputs, *is_inside));
                        let made = match inputs.iter().all(Option::is_some) {
                            true => self.nested(*leaf, &resolved[*leaf], inputs, makes),
                            false => vec![None; makes.len()],
                        };
                        values.extend(made);
                        continue;
                    }
                    values.extend(self.call(*leaf, &resolved[*leaf], (inputs, at), *makes));
                    continue;
                }
                Action::Spread { leaf, over, span } => {
                    let over = over.as_ref().map(|(value, maker)| (&values[*value], maker.as_str()));
                    self.spread(*leaf, &resolved[*leaf], (&values[0], over), *span)
                }
                Action::Binary {
                    op,
                    operands: [left, right],
                    makers,
                    path,
                    span,
                } => match (&values[*left], &values[*right]) {
                    (Some(left), Some(right)) => self.binary(*op, [left.clone(), right.clone()], makers, path, *span),
                    _ => None,
                },
                Action::Number { op, input, path, span } => {
                    let input = values[*input].clone();
                    input.map(|input| self.step(path, Resolved::Elementwise(*op), vec![input], *span))
                }
                Action::Cat {
                    inputs,
                    makers,
                    axis,
                    path,
                    span,
                } => {
                    let inputs = inputs.iter().map(|input| values[*input].clone()).collect::<Option<_>>();
                    inputs.and_then(|inputs| self.cat(inputs, makers, *axis, path, *span))
                }
                Action::Slice {
                    input,
                    maker,
                    lens,
                    place,
                    tells,
                    axis,
                    path,
                    span,
                } => {
                    let input = values[*input].clone();
                    input.and_then(|input| self.slice(input, maker, (lens, *place, *tells), *axis, path, *span))
                }
                Action::Declare {
                    input,
                    maker,
                    sizes,
                    span,
                } => {
                    let input = values[*input].clone();
                    input.map(|input| self.declared(input, maker, sizes, *span))
                }
            };
            values.push(made);
        }
        let returned = flow.returned.iter().map(|value| values[*value].clone());
        self.returned = returned.collect::<Option<Vec<Known>>>().unwrap_or_default();
    }

    /// A layer of these values, which makes so many.
    fn call(
        &mut self,
        leaf: usize,
        resolved: &Resolved,
        (inputs, at): (Vec<Option<Known>>, &[Span]),
        makes: usize,
    ) -> Vec<Option<Known>> {
        let mut inputs = inputs.into_iter();
        let first = inputs.next().flatten();
        let beside: Option<Vec<Known>> = inputs.collect();
        self.current = first
            .filter(|_| beside.is_some())
            .map_or(Current::Unknown, Current::Known);
        self.beside = beside.into_iter().flatten().zip(at[1..].iter().copied()).collect();
        self.makes_beside = makes - 1;
        self.layer(leaf, resolved);
        self.beside.clear();
        self.makes_beside = 0;
        let others = std::mem::take(&mut self.others);
        let first = match std::mem::replace(&mut self.current, Current::Unknown) {
            Current::Known(known) => Some(known),
            Current::Missing | Current::Unknown => None,
        };
        let mut made: Vec<Option<Known>> = [first].into_iter().chain(others.into_iter().map(Some)).collect();
        made.resize(makes, None);
        made
    }

    /// `x + h`: two values of one shape. Where that is for rustc to say, it does.
    pub(super) fn binary(
        &mut self,
        op: Binary,
        [left, right]: [Known; 2],
        makers: &[String; 2],
        path: &str,
        span: Span,
    ) -> Option<Known> {
        let [left, right] = self.one_shape(left, right);
        let (a, b) = (left.shape.clone(), right.shape.clone());
        let sign = match op {
            Binary::Add => '+',
            Binary::Sub => '-',
            Binary::Mul => '*',
            _ => '/',
        };
        if !self.facts.variables.may_be_one(&a, &b) {
            let [first, second] = makers;
            let message = format!("`{sign}` takes two values of one shape, found {a} and {b}");
            let help = "make them one shape, or say which part is to make another";
            let note = format!("\nnote: {a} is {first}, {b} is {second}");
            self.errors.at_span(span, with_help(message, help) + &note);
            return None;
        }
        let open = [&b, &a].map(|shape| {
            let made = self.facts.variables.made_by(shape);
            made.map(|(model, output)| (model.clone(), output))
        });
        if let ([Some(expected), Some(found)], true) = (open, a != b) {
            self.facts.fits.push(Fit {
                producer: format!("{} has", makers[0]),
                found,
                consumer: sign.to_string(),
                expected,
                is_made: true,
                span,
            });
            return Some(self.step(path, Resolved::Binary(op), vec![left, right], span));
        }
        for (found, expected) in a.axes().iter().zip(b.axes()).filter(|(a, b)| a != b) {
            let texts = [sign.to_string(), format!("{} has", makers[0])];
            self.oblige(texts, [expected, found], "elements along this axis", span);
        }
        Some(self.step(path, Resolved::Binary(op), vec![left, right], span))
    }

    /// `cat(a, b, axis = 1)`: all other axes are the same.
    pub(super) fn cat(
        &mut self,
        inputs: Vec<Known>,
        makers: &[String],
        axis: i64,
        path: &str,
        span: Span,
    ) -> Option<Known> {
        let first = inputs[0].shape.clone();
        let axis = self.axis("cat", axis, &first, span)?;
        for (other, maker) in inputs[1..].iter().map(|input| &input.shape).zip(&makers[1..]) {
            let same_rank = other.axes().len() == first.axes().len();
            let pairs = || (0..first.axes().len()).zip(first.axes().iter().zip(other.axes()));
            let mut others = pairs().filter(|(at, _)| *at != axis);
            if !same_rank || !others.all(|(_, (a, b))| self.facts.variables.may_equal(a, b)) {
                let message = format!(
                    "`cat` along axis {axis} takes values that differ in nothing else, found {first} and {other}"
                );
                let help = format!(
                    "let all other axes be the same\nnote: {first} is {}, {other} is {maker}",
                    makers[0]
                );
                self.errors.at_span(span, with_help(message, help));
                return None;
            }
            for (_, (expected, found)) in pairs().filter(|(at, (a, b))| *at != axis && a != b) {
                let texts = ["cat".to_owned(), format!("{maker} has")];
                self.oblige(texts, [expected, found], "elements along this axis", span);
            }
        }
        let sizes = inputs.iter().map(|input| &input.shape.axes()[axis]);
        let size = sizes.fold(Poly::number(0), |sum, size| &sum + size);
        // A sum has no place in the input from which to take its size at run time.
        self.made_for_a_size.push(size.clone());
        let mut axes = first.axes().to_vec();
        axes[axis] = size;
        let count = inputs.len();
        let block = Block {
            primitive: Primitive::Cat(Cat { axis, count }),
            takes: None,
            makes: None,
            arguments: Vec::new(),
        };
        let mut known = self.step(path, Resolved::Block(Box::new(block)), inputs, span);
        known.shape = Shape::new(axes);
        known.makers[axis] = Producer::Function("cat");
        if let Some(fact) = self.facts.layers.last_mut() {
            fact.output = known.shape.clone();
        }
        Some(known)
    }

    /// The place of an axis after the batch, from the front or, below 0, from the back.
    fn axis(&self, name: &str, axis: i64, shape: &Shape, span: Span) -> Option<usize> {
        let rank = shape.axes().len() as i64;
        let place = if axis < 0 { axis + rank } else { axis };
        if (1..rank).contains(&place) {
            return Some(place as usize);
        }
        let right = match rank - 1 {
            1 => "which is 1".to_owned(),
            last => format!("1 to {last}"),
        };
        let message = format!("`{name}` goes along an axis after the batch, {right}, found {axis}");
        let help = format!("the first value has the shape {shape}");
        self.errors.at_span(span, with_help(message, help));
        None
    }

    /// `split(x, [3, 5], axis = 1)`: the sizes are the whole axis.
    fn slice(
        &mut self,
        input: Known,
        maker: &str,
        (lens, place, tells): (&[usize], usize, bool),
        axis: i64,
        path: &str,
        span: Span,
    ) -> Option<Known> {
        let mut axes = input.shape.axes().to_vec();
        let axis = self.axis("split", axis, &input.shape, span)?;
        let (sum, start) = (lens.iter().sum::<usize>(), lens[..place].iter().sum());
        let sum = Poly::number(sum as u64);
        if sum != axes[axis] {
            let message = format!(
                "`split` into {lens:?} is {sum} along axis {axis}, but there are {}",
                axes[axis]
            );
            let help = format!(
                "let the sizes add up to {}\nnote: {maker} is {}",
                axes[axis], input.shape
            );
            // Each part of it would say the same.
            if tells {
                self.errors.at_span(span, with_help(message, help));
            }
            return None;
        }
        let len = lens[place];
        axes[axis] = Poly::number(len as u64);
        let block = Block {
            primitive: Primitive::Slice(Slice { axis, start, len }),
            takes: None,
            makes: None,
            arguments: Vec::new(),
        };
        let mut known = self.step(path, Resolved::Block(Box::new(block)), vec![input], span);
        known.shape = Shape::new(axes);
        known.makers[axis] = Producer::Function("split");
        if let Some(fact) = self.facts.layers.last_mut() {
            fact.output = known.shape.clone();
        }
        Some(known)
    }

    /// What a nested model makes where nothing says it. Whatever its axes are it keeps; of one alone, and inside a chain of sizes that
    /// are known, the model itself says what it becomes.
    pub(super) fn kept_by_a_model(&self, input: &Shape, is_inside: bool) -> Option<Shape> {
        let variables = &self.facts.variables;
        let is_open = is_inside && input.axes()[1..].iter().all(|size| variables.is_settled(size));
        (input.axes().len() > 2 && !is_open).then(|| input.clone())
    }

    /// Two values that are added: if one has a shape of which nothing is known, it is the other's.
    pub(super) fn one_shape(&mut self, mut left: Known, mut right: Known) -> [Known; 2] {
        let is_open = |known: &Known| self.facts.variables.made_by(&known.shape).is_some();
        match (is_open(&left), is_open(&right)) {
            (true, false) if right.shape.axes().len() > 2 => {
                self.has_shape(left.value, &right.shape);
                left.shape = right.shape.clone();
                left.makers = right.makers.clone();
            }
            (false, true) if left.shape.axes().len() > 2 => {
                self.has_shape(right.value, &left.shape);
                right.shape = left.shape.clone();
                right.makers = left.makers.clone();
            }
            _ => {}
        }
        [left, right]
    }

    /// An action that is no part.
    fn step(&mut self, path: &str, resolved: Resolved, inputs: Vec<Known>, span: Span) -> Known {
        let first = inputs[0].clone();
        let shape = first.shape.clone();
        let value = self.push(LayerFact {
            leaf: None,
            path: path.to_owned(),
            resolved,
            inputs: inputs.iter().map(|input| input.value).collect(),
            input: shape.clone(),
            beside: inputs[1..].iter().map(|input| input.shape.clone()).collect(),
            output: shape,
            others: Vec::new(),
            span,
        });
        Known { value, ..first }
    }
}
