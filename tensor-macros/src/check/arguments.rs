//! Rules about what layers are given: how many arguments, and which keywords.

use super::resolved::Resolved;
use super::variables::Variables;
use crate::errors::{Errors, with_help};
use crate::signature::{Kind, Parameter, Signature, nearest};
use crate::syntax::{Argument, Layer};
use std::cell::Cell;
use syn::Expr;
use tensor_ops::Unary;

/// With the batch in front a value has six.
const MOST_AXES: usize = 5;

/// Arguments matched with the parameters of their layer.
pub struct Given<'a> {
    /// Where mistakes are told.
    pub(super) errors: &'a Errors,
    /// The layer.
    pub(super) layer: &'a Layer,
    /// What it may be given.
    pub(super) signature: &'static Signature,
    /// The argument of each parameter.
    pub(super) values: Vec<Option<&'a Expr>>,
    /// Where a layer takes as many sizes as are written: these.
    pub(super) rest: Vec<&'a Expr>,
    /// Whether a number among them is wrong, which is told.
    pub(super) has_wrong_number: Cell<bool>,
    /// Whether something was wrong with the number of arguments or a keyword.
    pub(super) is_broken: bool,
}

impl<'a> Given<'a> {
    /// Finds each argument its parameter, and tells which have none.
    pub fn new(errors: &'a Errors, layer: &'a Layer, signature: &'static Signature) -> Self {
        let values = vec![None; signature.parameters.len()];
        let mut given = Given {
            errors,
            layer,
            signature,
            values,
            rest: Vec::new(),
            has_wrong_number: Cell::new(false),
            is_broken: false,
        };
        let list = layer.arguments.iter().flat_map(|arguments| &arguments.list);
        let (positional, keywords): (Vec<_>, Vec<_>) = list.partition(|argument| argument.keyword.is_none());
        given.place_positional(&positional);
        given.place_keywords(&keywords);
        given.check_missing();
        given
    }

    /// `linear(784, 128, 64)`: two sizes are taken, the third has no place. Switches and words need their keyword.
    fn place_positional(&mut self, arguments: &[&'a Argument]) {
        let takes = self
            .signature
            .parameters
            .iter()
            .take_while(|parameter| parameter.kind.is_positional())
            .count();
        if matches!(self.signature.parameters, [only] if only.kind == Kind::Sizes) {
            self.rest = arguments.iter().map(|argument| &argument.value).collect();
            self.values[0] = self.rest.first().copied();
            return;
        }
        for (place, argument) in arguments.iter().take(takes).enumerate() {
            self.values[place] = Some(&argument.value);
        }
        if let Some(extra) = arguments.get(takes) {
            let name = &self.layer.name;
            let found = arguments.len();
            let message = match takes {
                0 => format!("`{name}` takes no arguments"),
                1 => format!("`{name}` takes 1 argument, found {found}"),
                _ => format!("`{name}` takes {takes} arguments, found {found}"),
            };
            self.wrong(
                &extra.value,
                with_help(message, format!("write `{}`", self.signature.text())),
            );
        }
    }

    /// `bais = false` is not a keyword, and no keyword comes twice.
    fn place_keywords(&mut self, arguments: &[&'a Argument]) {
        let parameters = self.signature.parameters;
        for argument in arguments {
            let Some((keyword, _)) = &argument.keyword else {
                continue;
            };
            let text = keyword.to_string();
            match parameters.iter().position(|parameter| parameter.name == text) {
                Some(place) if self.values[place].is_some() => self.wrong(keyword, format!("`{text}` is given twice")),
                Some(place) => self.values[place] = Some(&argument.value),
                None => {
                    let message = format!("`{}` has no argument called `{text}`", self.layer.name);
                    let help = match nearest(&text, parameters.iter().map(|parameter| parameter.name)) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("write `{}`", self.signature.text()),
                    };
                    self.wrong(keyword, with_help(message, help));
                }
            }
        }
    }

    /// `linear(784)`: how wide should the result be?
    fn check_missing(&mut self) {
        if self.is_broken {
            return;
        }
        let needed: Vec<&Parameter> = self
            .signature
            .parameters
            .iter()
            .filter(|parameter| parameter.kind.is_required())
            .collect();
        let missing: Vec<String> = self
            .signature
            .parameters
            .iter()
            .zip(&self.values)
            .filter(|(parameter, value)| parameter.kind.is_required() && value.is_none())
            .map(|(parameter, _)| format!("`{}`", parameter.name))
            .collect();
        if missing.is_empty() {
            return;
        }
        let name = &self.layer.name;
        let are_sizes = needed
            .iter()
            .all(|parameter| matches!(parameter.kind, Kind::SizeIn | Kind::SizeOut | Kind::Sizes));
        let what = if are_sizes { "size" } else { "argument" };
        let sizes = if needed.len() == 1 {
            format!("1 {what}")
        } else {
            format!("{} {what}s", needed.len())
        };
        let mut axis = 0;
        let written = |parameter: &&Parameter| match parameter.kind {
            Kind::Axis { .. } => {
                axis += 1;
                format!("{} = {axis}", parameter.name)
            }
            Kind::Place => format!("{} = 0", parameter.name),
            Kind::Tuple => format!("{} = (2, 3)", parameter.name),
            _ => parameter.name.to_owned(),
        };
        let names: Vec<String> = needed.iter().map(written).collect();
        let (open, close) = if self.layer.path.is_some() {
            ('<', '>')
        } else {
            ('(', ')')
        };
        let help = format!("write `{name}{open}{}{close}`", names.join(", "));
        let message = match self.values.iter().flatten().count() {
            0 => format!("`{name}` takes {sizes}, none is given"),
            _ => format!("`{name}` takes {sizes}, {} is missing", missing.join(" and ")),
        };
        let span = self
            .layer
            .arguments
            .as_ref()
            .map_or(self.layer.name.span(), |arguments| arguments.span);
        self.errors.at_span(span, with_help(message, help));
        self.is_broken = true;
    }

    fn wrong(&mut self, tokens: impl quote::ToTokens, message: String) {
        self.errors.at(tokens, message);
        self.is_broken = true;
    }

    /// The layer that these arguments make.
    pub fn resolve(self, variables: &mut Variables) -> Resolved {
        // What is given is looked at even where something is missing: two mistakes, two messages.
        let resolved = match self.signature.name {
            "linear" => {
                let inputs = self.wanted(0, variables);
                let outputs = self.values[1].and_then(|value| self.size_out(value, variables));
                Resolved::Linear {
                    inputs,
                    outputs,
                    bias: self.flag(2),
                    transposed: self.flag(3),
                }
            }
            "embedding" => {
                let num = self.values[0].and_then(|value| self.size_out(value, variables));
                Resolved::Embedding {
                    padding: self.row(2, num.as_ref()),
                    num,
                    features: self.values[1].and_then(|value| self.size_out(value, variables)),
                }
            }
            "layer_norm" => Resolved::LayerNorm {
                features: self.wanted(0, variables),
                eps: self.number(1),
            },
            "relu" => Resolved::Elementwise(Unary::Relu),
            "leaky_relu" => Resolved::Elementwise(Unary::LeakyRelu { slope: self.number(0) }),
            "tanh" => Resolved::Elementwise(Unary::Tanh),
            "sigmoid" => Resolved::Elementwise(Unary::Sigmoid),
            "gelu" => Resolved::Elementwise(if self.word(0) == "tanh" {
                Unary::GeluTanh
            } else {
                Unary::Gelu
            }),
            "silu" => Resolved::Elementwise(Unary::Silu),
            "elu" => Resolved::Elementwise(Unary::Elu { alpha: self.number(0) }),
            "softplus" => Resolved::Elementwise(Unary::Softplus {
                beta: self.number(0),
                threshold: self.number(1),
            }),
            "softmax" if self.axis(0) == -1 => Resolved::Softmax,
            "log_softmax" if self.axis(0) == -1 => Resolved::LogSoftmax,
            "dropout" => Resolved::Elementwise(Unary::Dropout {
                p: self.number(0),
                layer: 0,
            }),
            "flatten" if self.values.iter().all(Option::is_none) => Resolved::Flatten,
            name @ ("parameter" | "buffer") => match self.sizes(variables) {
                Some(sizes) if sizes.len() > MOST_AXES => {
                    let message = format!("a {name} has at most {MOST_AXES} axes, found {}", sizes.len());
                    self.errors
                        .at(&self.layer.name, with_help(message, "join axes: `28 * 28`"));
                    Resolved::Broken
                }
                Some(sizes) if name == "buffer" => Resolved::Buffer(sizes),
                Some(sizes) => Resolved::Parameter(sizes),
                None => Resolved::Broken,
            },
            "reshape" => match self.sizes(variables) {
                Some(sizes) => Resolved::Reshape(sizes, self.layer.name.span()),
                None => Resolved::Broken,
            },
            "identity" => Resolved::Identity,
            "exp" => Resolved::Elementwise(Unary::Exp),
            "log" => Resolved::Elementwise(Unary::Log),
            "sqrt" => Resolved::Elementwise(Unary::Sqrt),
            "square" => Resolved::Elementwise(Unary::Square),
            "abs" => Resolved::Elementwise(Unary::Abs),
            "sin" => Resolved::Elementwise(Unary::Sin),
            "cos" => Resolved::Elementwise(Unary::Cos),
            "erf" => Resolved::Elementwise(Unary::Erf),
            "pow" => Resolved::Elementwise(power(self.number(0))),
            _ => match self.composition(variables) {
                Some(resolved) => resolved,
                None => self.block(variables),
            },
        };
        if self.is_broken {
            self.weakened(resolved)
        } else {
            resolved
        }
    }

    /// A layer with a wrong argument keeps its shape as far as it is known, so that no second message follows from the first.
    fn weakened(&self, resolved: Resolved) -> Resolved {
        match resolved {
            Resolved::Linear { .. } | Resolved::LayerNorm { .. } | Resolved::Embedding { .. } => Resolved::Broken,
            Resolved::Block(_) | Resolved::Reshape(..) | Resolved::Parameter(_) | Resolved::Buffer(_) => {
                Resolved::Broken
            }
            Resolved::Composed(_) | Resolved::Inner(_) => Resolved::Broken,
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => resolved,
            Resolved::Flatten | Resolved::Identity | Resolved::Binary(_) | Resolved::Model(_) | Resolved::Broken => {
                resolved
            }
        }
    }
}

/// `x` to a power, by the shortest way.
pub(super) fn power(exponent: f64) -> Unary {
    match exponent {
        2.0 => Unary::Square,
        0.5 => Unary::Sqrt,
        exponent => Unary::Powf { exponent },
    }
}
