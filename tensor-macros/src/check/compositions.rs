//! Shapes through layers that are several operations, and which of them a layer is.

use super::arguments::Given;
use super::blocks::MadeFor;
use super::facts::LayerFact;
use super::leaves::Leaf;
use super::resolved::{Composed, Composition, Encoder, Heads, Inner, Resolved, Stack};
use super::shapes::{Axes, Current, Inference, Known, Producer};
use super::variables::Variables;
use crate::errors::with_help;
use crate::signature::{Kind, Signature, counts};
use proc_macro2::Span;
use syn::spanned::Spanned;
use tensor_ops::primitive::{Border, Cell};
use tensor_ops::{Misfit, Poly, Reduce, Shape, Unary};

impl Given<'_> {
    /// The layer as several operations, if it is.
    pub(super) fn composition(&self, variables: &mut Variables) -> Option<Resolved> {
        let axis = || self.axis(self.place("axis"));
        let of = match self.signature.name {
            "softmax" => softmax(axis(), false, false),
            "log_softmax" => softmax(axis(), true, false),
            "softmin" => softmax(axis(), false, true),
            "softmax2d" => Composition::Softmax2d,
            "glu" => Composition::Glu { axis: axis() },
            "mean" => self.along(Reduce::Mean),
            "sum" => self.along(Reduce::Sum),
            "max" => self.along(Reduce::Max),
            "min" => self.along(Reduce::Min),
            "select" => Composition::Select {
                axis: axis(),
                index: self.index(self.place("index")),
            },
            "transpose" => Composition::Transpose {
                axes: [axis(), self.axis(self.place("other"))],
            },
            "channel_shuffle" => Composition::ChannelShuffle {
                groups: self.count(0) as u64,
            },
            "pixel_unshuffle" => Composition::PixelUnshuffle {
                factor: self.count(0) as u64,
            },
            "flatten" => Composition::Flatten {
                start: self.axis(0),
                end: self.axis(1),
            },
            "unflatten" => {
                let (axis, sizes) = (axis(), self.tuple(1, variables));
                let Some(sizes) = sizes else {
                    return Some(Resolved::Broken);
                };
                Composition::Unflatten { axis, sizes }
            }
            "rnn" => match self.word(self.place("nonlinearity")) {
                "relu" => self.recurrent(Cell::Relu),
                _ => self.recurrent(Cell::Tanh),
            },
            "lstm" => self.recurrent(Cell::Lstm),
            "gru" => self.recurrent(Cell::Gru),
            "rnn_cell" => match self.word(self.place("nonlinearity")) {
                "relu" => self.recurrent_cell(Cell::Relu),
                _ => self.recurrent_cell(Cell::Tanh),
            },
            "lstm_cell" => self.recurrent_cell(Cell::Lstm),
            "gru_cell" => self.recurrent_cell(Cell::Gru),
            "alpha_dropout" => self.alpha_dropout(false),
            "feature_alpha_dropout" => self.alpha_dropout(true),
            "rrelu" => self.rrelu(),
            "dropout1d" => self.dropout(1),
            "dropout2d" => self.dropout(2),
            "dropout3d" => self.dropout(3),
            "lp_pool1d" => self.lp_pool(1),
            "lp_pool2d" => self.lp_pool(2),
            "lp_pool3d" => self.lp_pool(3),
            "local_response_norm" => Composition::ResponseNorm {
                size: self.count(0),
                alpha: self.number(1),
                beta: self.number(2),
                k: self.number(3),
            },
            "conv1d" => self.bordered(1, variables)?,
            "conv2d" => self.bordered(2, variables)?,
            "conv3d" => self.bordered(3, variables)?,
            "attention" => Composition::Attention(self.heads("heads", variables)),
            "scaled_dot_product_attention" => Composition::Attention(self.heads("num_heads", variables)),
            "multi_head_attention" => Composition::MultiHead(self.heads("num_heads", variables)),
            "transformer_encoder_layer" => Composition::Encoder(self.encoder(variables)),
            "transformer_decoder_layer" => Composition::Decoder(self.encoder(variables)),
            _ => return None,
        };
        Some(self.composed(of, variables))
    }

    fn composed(&self, of: Composition, variables: &mut Variables) -> Resolved {
        let kinds = || self.signature.parameters.iter().map(|parameter| parameter.kind);
        let takes = kinds().position(|kind| kind == Kind::SizeIn);
        let takes = takes.map(|place| self.wanted(place, variables));
        let out = kinds().position(|kind| kind == Kind::SizeOut);
        let makes = out.and_then(|place| self.size_out(self.values[place]?, variables));
        if self.is_broken || self.has_wrong_number.get() || out.is_some() && makes.is_none() {
            return Resolved::Broken;
        }
        let arguments = self.signature.parameters.iter().zip(&self.values);
        let arguments = arguments.filter_map(|(parameter, value)| Some((parameter.name, value.as_ref()?.span())));
        Resolved::Composed(Box::new(Composed {
            name: self.signature.name,
            of,
            takes,
            makes,
            options: self.options(),
            arguments: arguments.collect(),
        }))
    }

    fn along(&self, op: Reduce) -> Composition {
        Composition::Along {
            op,
            axis: self.axis(self.place("axis")),
            keep: self.flag(self.place("keep")),
        }
    }

    fn alpha_dropout(&self, channels: bool) -> Composition {
        let p = self.number(0);
        Composition::AlphaDropout { p, channels }
    }

    /// `rrelu(0.3, 0.1)`: the lower slope is the lower one.
    fn rrelu(&self) -> Composition {
        let (lower, upper) = (self.number(0), self.number(1));
        if lower > upper {
            let value = self.values[0].or(self.values[1]);
            let message = format!("`rrelu` draws slopes from {lower} to {upper}, and the second is below the first");
            let span = value.map_or(self.layer.name.span(), Spanned::span);
            self.errors
                .at_span(span, with_help(message, format!("write `rrelu({upper}, {lower})`")));
            self.has_wrong_number.set(true);
        }
        Composition::Rrelu { lower, upper }
    }

    fn dropout(&self, rank: usize) -> Composition {
        let p = self.number(0);
        Composition::Dropout { p, rank }
    }

    fn lp_pool(&self, rank: usize) -> Composition {
        Composition::PowerPool {
            p: self.number(0),
            windows: self.windows(rank),
            ceil: self.flag(self.place("ceil_mode")),
        }
    }

    /// A convolution with a border that is not of zeros.
    fn bordered(&self, rank: usize, variables: &mut Variables) -> Option<Composition> {
        let border = match self.word(self.place("padding_mode")) {
            "reflect" => Border::Reflect,
            "replicate" => Border::Replicate,
            "circular" => Border::Circular,
            _ => return None,
        };
        let conv = self.convolution(rank, variables);
        Some(Composition::Bordered { conv, border })
    }

    fn recurrent(&self, cell: Cell) -> Composition {
        Composition::Recurrent(Stack {
            cell,
            layers: self.count(self.place("num_layers")),
            bias: self.flag(self.place("bias")),
            dropout: self.number(self.place("dropout")),
            both: self.flag(self.place("bidirectional")),
        })
    }

    fn recurrent_cell(&self, cell: Cell) -> Composition {
        let bias = self.flag(self.place("bias"));
        Composition::Cell { cell, bias }
    }

    fn heads(&self, name: &str, variables: &mut Variables) -> Heads {
        Heads {
            heads: self.named_count(self.place(name), variables),
            causal: self.flag(self.place("causal")),
        }
    }

    fn encoder(&self, variables: &mut Variables) -> Box<Encoder> {
        Box::new(Encoder {
            heads: self.heads("num_heads", variables),
            inner: self.size_inside(self.place("dim_feedforward"), variables),
            dropout: self.number(self.place("dropout")),
            activation: match self.word(self.place("activation")) {
                "gelu" => Unary::Gelu,
                _ => Unary::Relu,
            },
            eps: self.number(self.place("layer_norm_eps")),
            norm_first: self.flag(self.place("norm_first")),
        })
    }

    /// What is written beside the sizes, under its name where it may be left out.
    fn options(&self) -> Vec<String> {
        let written = self.signature.parameters.iter().zip(&self.values);
        let written = written.filter(|(parameter, _)| !matches!(parameter.kind, Kind::SizeIn | Kind::SizeOut));
        written
            .filter_map(|(parameter, value)| {
                let text = super::leaves::tidy(value.as_ref()?);
                Some(match parameter.kind.is_required() {
                    true => text,
                    false => format!("{} = {text}", parameter.name),
                })
            })
            .collect()
    }
}

fn softmax(axis: i64, log: bool, negated: bool) -> Composition {
    Composition::Softmax { axis, log, negated }
}

impl Inference<'_> {
    /// `softmax(axis = 1)`: a step for the part, which says what it is and holds, then one for each operation.
    pub(super) fn composed(&mut self, position: usize, resolved: &Resolved, composed: &Composed) {
        let leaf = &self.leaves[position];
        let made_for = MadeFor {
            takes: composed.takes.as_ref(),
            features: composed.features(),
            rank: composed.rank(),
            arguments: &composed.arguments,
        };
        let Some(input) = self.imaged(leaf, &made_for) else {
            return self.fails();
        };
        let mut shape = input.shape.clone();
        if let Some(wanted) = &composed.takes {
            shape = self.featured(leaf, &input, wanted, composed.features());
        }
        let beside = std::mem::take(&mut self.beside);
        let count = 1 + beside.len();
        if !self.takes(leaf, count) {
            return self.fails();
        }
        let given: Vec<&Shape> = beside.iter().map(|(known, _)| &known.shape).collect();
        let wanted = composed.beside(&shape, &given);
        let beside: Vec<Known> = beside
            .into_iter()
            .enumerate()
            .map(|(place, given)| self.given_beside(leaf, [place + 1, count], given, &wanted[place]))
            .collect();
        let given: Vec<Shape> = [shape.clone()]
            .into_iter()
            .chain(beside.iter().map(|known| known.shape.clone()))
            .collect();
        let numbers: Vec<usize> = [&input].into_iter().chain(&beside).map(|known| known.value).collect();
        let first = |value: &usize| numbers.iter().position(|other| other == value).unwrap_or(0);
        let twins: Vec<usize> = numbers.iter().map(first).collect();
        let steps = match composed.steps(&given, &twins, 1 + self.makes_beside) {
            Ok(steps) => steps,
            Err(Misfit::Axes { .. }) if self.facts.variables.made_by(&shape).is_some() => {
                self.unknown_axes(leaf, &input);
                return self.fails();
            }
            Err(misfit) => {
                self.misfit(leaf, &made_for, &shape, &misfit);
                return self.fails();
            }
        };
        for (_, parameter) in &steps.parameters {
            let sizes = parameter.axes();
            self.made_for_a_size.extend(sizes.iter().cloned());
            if let Some((first, rest)) = sizes.split_first() {
                self.check_weights(leaf, first, &rest.iter().product());
            }
        }
        for (of, inputs, parameters) in steps.primitives() {
            self.shared(leaf, &made_for, of.shared(&inputs, &parameters));
        }
        let output = steps.shape(steps.made[0]).clone();
        // Sizes that no axis of an input has are known when the program is compiled.
        let shapes = steps.all.iter().flat_map(|step| step.output.axes());
        let new = shapes.filter(|size| !given.iter().any(|given| given.axes().contains(size)));
        self.made_for_a_size.extend(new.cloned());
        let inputs = numbers;
        let (path, span) = (leaf.dotted(), leaf.span());
        let shapes = [given, steps.all.iter().map(|step| step.output.clone()).collect()].concat();
        let sets = if output == input.shape { Axes::None } else { Axes::All };
        self.makes(position, resolved, input, output, sets);
        if let Some(fact) = self.facts.layers.last_mut() {
            fact.inputs.clone_from(&inputs);
            fact.beside = beside.into_iter().map(|known| known.shape).collect();
        }
        let mut values = inputs;
        for step in &steps.all {
            let value = self.push(LayerFact {
                leaf: None,
                path: path.clone(),
                resolved: Resolved::Inner(Box::new(Inner {
                    of: step.of.clone(),
                    leaf: position,
                    parameters: step.parameters.clone(),
                    trains: step.trains,
                })),
                inputs: step.inputs.iter().map(|input| values[*input]).collect(),
                input: Shape::clone(&shapes[step.inputs[0]]),
                beside: Vec::new(),
                output: step.output.clone(),
                others: Vec::new(),
                span,
            });
            values.push(value);
        }
        if let Current::Known(known) = &mut self.current {
            known.value = values[steps.made[0]];
        }
        self.others.extend(steps.made[1..].iter().map(|made| Known {
            value: values[*made],
            shape: shapes[*made].clone(),
            makers: vec![Producer::Leaf(position); shapes[*made].axes().len()],
            arithmetic: None,
        }));
    }

    /// `transformer_decoder_layer(8, 2)` in a chain: where is the memory? Of calls it is known already.
    fn takes(&self, leaf: &Leaf<'_>, count: usize) -> bool {
        let Some(signature) = leaf.signature() else {
            return true;
        };
        let takes = signature.takes();
        let fits = takes.iter().any(|names| names.len() == count);
        if !fits {
            let message = format!(
                "`{}` takes {} values, and in a chain it has one",
                leaf.text(),
                counts(takes)
            );
            let names = takes.first().map_or(String::new(), |names| names.join(", "));
            let help = format!(
                "write a struct with a forward, which calls it: `{}({names})`",
                signature.name
            );
            self.errors.at_span(leaf.span(), with_help(message, help));
        }
        fits
    }

    /// `lstm(x, h, c)`: what a layer takes beside the first value has one shape.
    fn given_beside(
        &mut self,
        leaf: &Leaf<'_>,
        [place, count]: [usize; 2],
        (known, span): (Known, Span),
        expected: &Shape,
    ) -> Known {
        let (consumer, producer) = self.labels(leaf, &known, 1);
        let is_mask = leaf
            .signature()
            .is_some_and(|signature| signature.is_mask(place, count));
        if is_mask && known.value >= self.inputs.len() {
            // elements.rs tells that it is no input.
            let shape = expected.clone();
            return Known { shape, ..known };
        }
        if self.facts.variables.may_be_one(expected, &known.shape) {
            for (expected, found) in expected.axes().iter().zip(known.shape.axes()).filter(|(a, b)| a != b) {
                let texts = [consumer.clone(), producer.clone()];
                self.oblige(texts, [expected, found], "elements along this axis", span);
            }
        } else {
            let takes = leaf.signature().map_or(&[][..], Signature::takes);
            let names = takes.iter().find(|names| names.len() == count);
            let name = names.and_then(|names| names.get(place)).copied().unwrap_or("x");
            let message = format!(
                "`{consumer}` expects {expected} as `{name}`, but {producer} {}",
                known.shape
            );
            let sizes: Vec<String> = expected.axes()[1..].iter().map(Poly::to_string).collect();
            let sizes = sizes.join(", ");
            let help = match self.facts.variables.made_by(&known.shape) {
                Some(_) => format!("say its shape if it has this one: `let {name}: [{sizes}] = ..;`"),
                None => format!("give it a value of the shape [{sizes}] after the batch"),
            };
            self.errors.at_span(span, with_help(message, help));
        }
        let shape = expected.clone();
        Known { shape, ..known }
    }
}
