//! `#[init(normal(0.02), bias = zeros)]`: what parameters start from. Names and defaults are those of PyTorch's `nn.init`.

use super::{Argument, arguments::arguments};
use crate::errors::{Errors, with_help};
use crate::signature::nearest;
use proc_macro2::Ident;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Lit, Meta, Token, UnOp, parenthesized, token};

/// What some parameters of a part start from.
#[derive(Clone)]
pub struct Start {
    /// `bias` in `bias = zeros`; those of two axes or more where nothing stands.
    pub of: Option<Ident>,
    /// Which law.
    pub law: &'static Law,
    /// The numbers it was given, in its order.
    pub numbers: Vec<f64>,
    /// The words likewise.
    pub words: Vec<&'static str>,
    /// `normal`, as it was written.
    pub name: Ident,
}

/// A way to draw first values.
#[derive(Debug, PartialEq)]
pub struct Law {
    /// `normal`.
    pub name: &'static str,
    numbers: &'static [Number],
    words: &'static [(&'static str, &'static [&'static str])],
    /// How few and how many axes it is for.
    pub axes: [usize; 2],
}

#[derive(Debug, PartialEq)]
struct Number {
    name: &'static str,
    /// `None` if it must be given; not a number if it may be left out.
    default: Option<f64>,
    least: f64,
}

const fn number(name: &'static str, default: Option<f64>, least: f64) -> Number {
    Number { name, default, least }
}

const fn law(name: &'static str, numbers: &'static [Number], axes: [usize; 2]) -> Law {
    let words = &[];
    Law {
        name,
        numbers,
        words,
        axes,
    }
}

const ANY: f64 = f64::NEG_INFINITY;
const GAIN: &[Number] = &[number("gain", Some(1.0), 0.0)];

const fn kaiming(name: &'static str) -> Law {
    const NUMBERS: &[Number] = &[number("a", Some(0.0), ANY)];
    let words: &[(&str, &[&str])] = &[
        ("mode", &["fan_in", "fan_out"]),
        (
            "nonlinearity",
            &["leaky_relu", "relu", "linear", "tanh", "sigmoid", "selu"],
        ),
    ];
    Law {
        words,
        ..law(name, NUMBERS, [2, 6])
    }
}

/// All laws.
const LAWS: &[Law] = &[
    law("zeros", &[], [0, 6]),
    law("ones", &[], [0, 6]),
    law("constant", &[number("value", None, ANY)], [0, 6]),
    law(
        "uniform",
        &[number("low", None, ANY), number("high", Some(f64::NAN), ANY)],
        [0, 6],
    ),
    law(
        "normal",
        &[number("std", Some(1.0), 0.0), number("mean", Some(0.0), ANY)],
        [0, 6],
    ),
    law(
        "trunc_normal",
        &[
            number("std", Some(1.0), f64::MIN_POSITIVE),
            number("mean", Some(0.0), ANY),
            number("a", Some(-2.0), ANY),
            number("b", Some(2.0), ANY),
        ],
        [0, 6],
    ),
    law("eye", &[], [2, 2]),
    law("dirac", &[number("groups", Some(1.0), 1.0)], [3, 5]),
    law("xavier_uniform", GAIN, [2, 6]),
    law("xavier_normal", GAIN, [2, 6]),
    kaiming("kaiming_uniform"),
    kaiming("kaiming_normal"),
    law("orthogonal", GAIN, [2, 6]),
    law(
        "sparse",
        &[number("sparsity", None, 0.0), number("std", Some(0.01), 0.0)],
        [2, 2],
    ),
];

impl Law {
    /// As one would write it: `normal(std = 1, mean = 0)`.
    fn text(&self) -> String {
        let numbers = self.numbers.iter().map(|number| match number.default {
            Some(default) if !default.is_nan() => format!("{} = {default}", number.name),
            _ => number.name.to_owned(),
        });
        let words = self.words.iter().map(|(name, words)| format!("{name} = {}", words[0]));
        match numbers.chain(words).collect::<Vec<_>>() {
            list if list.is_empty() => self.name.to_owned(),
            list => format!("{}({})", self.name, list.join(", ")),
        }
    }
}

/// Parses the attribute. What is wrong in it is told.
pub fn starts(errors: &Errors, attribute: &Attribute) -> Vec<Start> {
    let help = "write `#[init(normal(0.02))]`, or `#[init(xavier_uniform, bias = zeros)]`";
    let Meta::List(list) = &attribute.meta else {
        errors.at(attribute, with_help("`#[init]` needs what parameters start from", help));
        return Vec::new();
    };
    if list.tokens.is_empty() {
        errors.at(attribute, with_help("`#[init]` needs what parameters start from", help));
    }
    let parser = |input: ParseStream<'_>| {
        let mut starts = Vec::new();
        while !input.is_empty() {
            starts.extend(start(errors, input)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(starts)
    };
    parser.parse2(list.tokens.clone()).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    })
}

fn start(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Option<Start>> {
    let of = if input.peek(syn::Ident) && input.peek2(Token![=]) {
        let of = input.parse()?;
        input.parse::<Token![=]>()?;
        Some(of)
    } else {
        None
    };
    let name: Ident = input.parse()?;
    let given = if input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        arguments(errors, content.parse()?, parentheses.span.join()).list
    } else {
        Vec::new()
    };
    let text = name.to_string();
    let Some(law) = LAWS.iter().find(|law| law.name == text) else {
        let names = || LAWS.iter().map(|law| law.name);
        let help = match nearest(&text, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        errors.at(&name, with_help(format!("parameters cannot start from `{text}`"), help));
        return Ok(None);
    };
    let mut start = Start {
        of,
        law,
        numbers: law
            .numbers
            .iter()
            .map(|number| number.default.unwrap_or(f64::NAN))
            .collect(),
        words: law.words.iter().map(|(_, words)| words[0]).collect(),
        name,
    };
    let before = errors.count();
    let mut is_given = vec![false; law.numbers.len()];
    for (place, argument) in given.iter().enumerate() {
        argue(errors, &mut start, &mut is_given, place, argument);
    }
    let missing = law
        .numbers
        .iter()
        .zip(&is_given)
        .find(|(number, given)| number.default.is_none() && !**given);
    if let (Some((number, _)), true) = (missing, errors.count() == before) {
        let message = format!("`{}` needs `{}`", law.name, number.name);
        errors.at(&start.name, with_help(message, format!("write `{}`", law.text())));
    }
    Ok((errors.count() == before).then_some(start))
}

/// One argument of a law: the first two without their names, if they are a range, else the first.
fn argue(errors: &Errors, start: &mut Start, is_given: &mut [bool], place: usize, argument: &Argument) {
    let law = start.law;
    let positional = if law.name == "uniform" || law.name == "sparse" {
        2
    } else {
        1
    };
    let value = argument.value.to_token_stream().to_string();
    let name = match &argument.keyword {
        Some((keyword, _)) => keyword.to_string(),
        None => match law.numbers.get(place).filter(|_| place < positional) {
            Some(number) => number.name.to_owned(),
            None => {
                let message = format!("`{}` takes no more without a name", law.name);
                errors.at(&argument.value, with_help(message, format!("write `{}`", law.text())));
                return;
            }
        },
    };
    if let Some(place) = law.numbers.iter().position(|number| number.name == name) {
        let found = literal(&argument.value).filter(|found| *found >= law.numbers[place].least);
        match found {
            Some(found) => (start.numbers[place], is_given[place]) = (found, true),
            None => {
                let least = law.numbers[place].least;
                let which = match least {
                    ANY => "a number".to_owned(),
                    least if least == f64::MIN_POSITIVE => "a number above 0".to_owned(),
                    least => format!("a number from {least}"),
                };
                let value = value.replace("- ", "-");
                errors.at(&argument.value, format!("`{name}` must be {which}, found `{value}`"));
            }
        }
        return;
    }
    let Some(place) = law.words.iter().position(|(word, _)| *word == name) else {
        let message = format!("`{}` has no argument called `{name}`", law.name);
        let tokens = argument.keyword.as_ref().map(|(keyword, _)| keyword);
        errors.at(tokens, with_help(message, format!("write `{}`", law.text())));
        return;
    };
    let words = law.words[place].1;
    match words.iter().find(|word| **word == value) {
        Some(word) => start.words[place] = word,
        None => {
            let choices: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let message = format!("`{name}` must be {}, found `{value}`", choices.join(" or "));
            errors.at(&argument.value, message);
        }
    }
}

fn literal(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => literal(&negative.expr).map(|number| -number),
        _ => None,
    }
}
