//! Rules about layers and what they are given.

use super::leaves::{Leaf, tidy};
use super::sizes::{Meaning, Variables, size};
use crate::errors::{Errors, with_help};
use crate::signature::{Kind, LAYERS, Parameter, Range, Signature, nearest};
use crate::syntax::{Argument, Body, Layer};
use proc_macro2::Span;
use syn::{Expr, Lit, Path, UnOp};
use tensor_ops::{Poly, Unary};

/// A layer whose name and arguments are understood.
#[derive(Clone)]
pub enum Resolved {
    /// `linear(inputs, outputs, bias)`.
    Linear {
        inputs: Wanted,
        outputs: Option<Poly>,
        bias: bool,
    },
    /// `layer_norm(features, eps)`.
    LayerNorm { features: Wanted, eps: f64 },
    /// An activation, or dropout, whose stream is given when the model is lowered.
    Elementwise(Unary),
    /// `softmax`.
    Softmax,
    /// `log_softmax`.
    LogSoftmax,
    /// `flatten`.
    Flatten,
    /// `identity`.
    Identity,
    /// Another model.
    Model(Path),
    /// Not understood, and told.
    Broken,
}

impl Resolved {
    /// Whether it has something to learn.
    pub fn has_parameters(&self) -> bool {
        match self {
            Resolved::Linear { .. } | Resolved::LayerNorm { .. } | Resolved::Model(_) => true,
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => false,
            Resolved::Flatten | Resolved::Identity | Resolved::Broken => false,
        }
    }
}

/// The size that a layer is made for.
#[derive(Clone)]
pub struct Wanted {
    /// Nothing if it is `_`, or not understood, which is told.
    pub size: Option<Poly>,
    /// Whether it is `_`.
    pub is_inferred: bool,
    /// The argument.
    pub span: Span,
}

/// Layers that PyTorch has and this language will.
const LATER: &[&str] = &[
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose2d",
    "max_pool1d",
    "max_pool2d",
    "avg_pool1d",
    "avg_pool2d",
    "adaptive_avg_pool2d",
    "batch_norm",
    "batch_norm1d",
    "batch_norm2d",
    "group_norm",
    "instance_norm",
    "rms_norm",
    "embedding",
    "lstm",
    "gru",
    "rnn",
    "attention",
    "self_attention",
    "dropout1d",
    "dropout2d",
    "hardtanh",
    "relu6",
    "selu",
    "celu",
    "mish",
    "prelu",
    "bilinear",
];

/// What a leaf is, in terms of operations.
pub fn resolve(errors: &Errors, leaf: &Leaf<'_>, variables: &mut Variables) -> Resolved {
    match &leaf.part.body {
        Body::Layer(layer) => {
            let signature = signature(errors, layer);
            signature.map_or(Resolved::Broken, |signature| {
                Given::new(errors, layer, signature).resolve(variables)
            })
        }
        Body::Model(path) => {
            let name = tidy(path);
            variables.variable(model_input(&name), Meaning::ModelInput(path.clone()));
            variables.variable(model_output(&name), Meaning::ModelOutput(path.clone()));
            Resolved::Model(path.clone())
        }
        Body::Group(_) | Body::Broken(_) => Resolved::Broken,
    }
}

/// The name of the size that another model takes.
pub fn model_input(model: &str) -> String {
    format!("{model}::input")
}

/// The name of the size that another model makes.
pub fn model_output(model: &str) -> String {
    format!("{model}::output")
}

/// `lineer(784, 128)`: there is no such layer, but there is one that was meant. `argmax`: there is, but nothing learns through it.
fn signature(errors: &Errors, layer: &Layer) -> Option<&'static Signature> {
    let name = layer.name.to_string();
    let known = if layer.path.is_some() {
        Signature::of_type(&name)
    } else {
        Signature::of_call(&name)
    };
    match known {
        Some(signature) if signature.has_gradient() => known,
        Some(signature) => {
            let name = signature.name;
            let message = format!("`{name}` has no gradient, so nothing before it could learn");
            let help = format!("remove it here and take `.{name}()` of the output");
            errors.at(&layer.name, with_help(message, help));
            None
        }
        None => {
            errors.at(&layer.name, unknown(&name));
            None
        }
    }
}

fn unknown(name: &str) -> String {
    if LATER.contains(&name) {
        return format!("`{name}` is not supported yet");
    }
    let layers = || LAYERS.iter().filter(|layer| layer.has_gradient());
    match nearest(name, layers().map(|layer| layer.name)) {
        Some(meant) => with_help(
            format!("there is no layer called `{name}`"),
            format!("did you mean `{meant}`?"),
        ),
        None => {
            let names: Vec<_> = layers().map(|layer| layer.name).collect();
            with_help(
                format!("there is no layer called `{name}`"),
                format!("the layers are {}", names.join(", ")),
            )
        }
    }
}

/// Arguments matched with the parameters of their layer.
struct Given<'a> {
    errors: &'a Errors,
    layer: &'a Layer,
    signature: &'static Signature,
    /// The argument of each parameter.
    values: Vec<Option<&'a Expr>>,
    /// Whether something was wrong with the number of arguments or a keyword.
    is_broken: bool,
}

impl<'a> Given<'a> {
    fn new(errors: &'a Errors, layer: &'a Layer, signature: &'static Signature) -> Self {
        let values = vec![None; signature.parameters.len()];
        let mut given = Given {
            errors,
            layer,
            signature,
            values,
            is_broken: false,
        };
        let list = layer.arguments.iter().flat_map(|arguments| &arguments.list);
        let (positional, keywords): (Vec<_>, Vec<_>) =
            list.partition(|argument| argument.keyword.is_none());
        given.place_positional(&positional);
        given.place_keywords(&keywords);
        given.check_missing(positional.len());
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
            match parameters
                .iter()
                .position(|parameter| parameter.name == text)
            {
                Some(place) if self.values[place].is_some() => {
                    self.wrong(keyword, format!("`{text}` is given twice"))
                }
                Some(place) => self.values[place] = Some(&argument.value),
                None => {
                    let message = format!("`{}` has no argument called `{text}`", self.layer.name);
                    let help =
                        match nearest(&text, parameters.iter().map(|parameter| parameter.name)) {
                            Some(meant) => format!("did you mean `{meant}`?"),
                            None => format!("write `{}`", self.signature.text()),
                        };
                    self.wrong(keyword, with_help(message, help));
                }
            }
        }
    }

    /// `linear(784)`: how wide should the result be?
    fn check_missing(&mut self, found: usize) {
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
        let sizes = if needed.len() == 1 {
            "1 size".to_owned()
        } else {
            format!("{} sizes", needed.len())
        };
        let names: Vec<_> = needed.iter().map(|parameter| parameter.name).collect();
        let (open, close) = if self.layer.path.is_some() {
            ('<', '>')
        } else {
            ('(', ')')
        };
        let help = format!("write `{name}{open}{}{close}`", names.join(", "));
        let message = match found {
            0 => format!("`{name}` takes {sizes}, none is given"),
            _ => format!(
                "`{name}` takes {sizes}, {} is missing",
                missing.join(" and ")
            ),
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

    fn resolve(self, variables: &mut Variables) -> Resolved {
        // What is given is looked at even where something is missing: two mistakes, two messages.
        let resolved = match self.signature.name {
            "linear" => {
                let inputs = self.wanted(0, variables);
                let outputs = self.values[1].and_then(|value| self.size_out(value, variables));
                Resolved::Linear {
                    inputs,
                    outputs,
                    bias: self.flag(2),
                }
            }
            "layer_norm" => Resolved::LayerNorm {
                features: self.wanted(0, variables),
                eps: self.number(1),
            },
            "relu" => Resolved::Elementwise(Unary::Relu),
            "leaky_relu" => Resolved::Elementwise(Unary::LeakyRelu {
                slope: self.number(0),
            }),
            "tanh" => Resolved::Elementwise(Unary::Tanh),
            "sigmoid" => Resolved::Elementwise(Unary::Sigmoid),
            "gelu" => Resolved::Elementwise(if self.word(0) == "tanh" {
                Unary::GeluTanh
            } else {
                Unary::Gelu
            }),
            "silu" => Resolved::Elementwise(Unary::Silu),
            "elu" => Resolved::Elementwise(Unary::Elu {
                alpha: self.number(0),
            }),
            "softplus" => Resolved::Elementwise(Unary::Softplus {
                beta: self.number(0),
                threshold: self.number(1),
            }),
            "softmax" => Resolved::Softmax,
            "log_softmax" => Resolved::LogSoftmax,
            "dropout" => Resolved::Elementwise(Unary::Dropout {
                p: self.number(0),
                layer: 0,
            }),
            "flatten" => Resolved::Flatten,
            "identity" => Resolved::Identity,
            name => unreachable!("signature.rs has `{name}`, arguments.rs does not"),
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
            Resolved::Linear { .. } | Resolved::LayerNorm { .. } => Resolved::Broken,
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => resolved,
            Resolved::Flatten | Resolved::Identity | Resolved::Model(_) | Resolved::Broken => {
                resolved
            }
        }
    }

    fn wanted(&self, place: usize, variables: &mut Variables) -> Wanted {
        let Some(value) = self.values[place] else {
            return Wanted {
                size: None,
                is_inferred: false,
                span: self.layer.name.span(),
            };
        };
        let is_inferred = matches!(value, Expr::Infer(_));
        let size = if is_inferred {
            None
        } else {
            size(self.errors, value, variables)
        };
        Wanted {
            size,
            is_inferred,
            span: first_to_last(value),
        }
    }

    /// `linear(784, _)`: what a layer makes is not worked out from what comes after.
    fn size_out(&self, value: &Expr, variables: &mut Variables) -> Option<Poly> {
        if matches!(value, Expr::Infer(_)) {
            let message = "`_` is worked out from the part before; how many features a layer makes is yours to say";
            self.errors
                .at(value, with_help(message, "write a number such as 128"));
            return None;
        }
        size(self.errors, value, variables)
    }

    /// `dropout(2)`, `leaky_relu(slope = steep)`: a number, and one that makes sense.
    fn number(&self, place: usize) -> f64 {
        let parameter = &self.signature.parameters[place];
        let Kind::Number { default, range } = parameter.kind else {
            unreachable!("signature.rs: `{}` is a number", parameter.name)
        };
        let Some(value) = self.values[place] else {
            return default;
        };
        let Some(number) = literal_number(value) else {
            let help = format!("write `{} = {default:?}`", parameter.name);
            self.errors.at(
                value,
                with_help(
                    format!("`{}` is a number, found `{}`", parameter.name, tidy(value)),
                    help,
                ),
            );
            return default;
        };
        let wrong = match range {
            Range::Any => None,
            Range::Positive if number > 0.0 => None,
            Range::Positive => Some("above 0"),
            Range::Probability if (0.0..1.0).contains(&number) => None,
            Range::Probability => Some("a probability, from 0 and below 1"),
        };
        match wrong {
            Some(right) => {
                self.errors.at(
                    value,
                    format!("`{}` is {right}, found {}", parameter.name, tidy(value)),
                );
                default
            }
            None => number,
        }
    }

    fn flag(&self, place: usize) -> bool {
        let parameter = &self.signature.parameters[place];
        let Kind::Flag { default } = parameter.kind else {
            unreachable!("signature.rs: `{}` is a switch", parameter.name)
        };
        match self.values[place] {
            None => default,
            Some(Expr::Lit(literal)) if let Lit::Bool(flag) = &literal.lit => flag.value,
            Some(value) => {
                let message = format!(
                    "`{}` is `true` or `false`, found `{}`",
                    parameter.name,
                    tidy(value)
                );
                self.errors.at(value, message);
                default
            }
        }
    }

    fn word(&self, place: usize) -> &'static str {
        let parameter = &self.signature.parameters[place];
        let Kind::Word(words) = parameter.kind else {
            unreachable!("signature.rs: `{}` is a word", parameter.name)
        };
        let Some(value) = self.values[place] else {
            return words[0];
        };
        let text = tidy(value);
        words
            .iter()
            .find(|word| **word == text)
            .copied()
            .unwrap_or_else(|| {
                let choices: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                let message = format!(
                    "`{}` is {}, found `{text}`",
                    parameter.name,
                    choices.join(" or ")
                );
                self.errors.at(value, message);
                words[0]
            })
    }
}

fn literal_number(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => {
            literal_number(&negative.expr).map(|number| -number)
        }
        _ => None,
    }
}

/// One span over an expression where the compiler can join them, else its first token.
fn first_to_last(value: &Expr) -> Span {
    syn::spanned::Spanned::span(value)
}
