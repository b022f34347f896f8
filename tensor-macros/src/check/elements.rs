//! What the inputs of a model consist of: floats, or whole numbers, which an embedding takes, and masks are.

use super::flow::{Action, Flow};
use super::joins::Joined;
use super::leaves::Leaf;
use super::resolved::{ModelType, Resolved};
use crate::errors::{Errors, with_help};
use crate::syntax::Join;
use proc_macro2::Span;

/// What an input consists of.
#[derive(Clone)]
pub enum Elements {
    /// The model's own type of floats.
    Floats,
    /// `i64`.
    Whole,
    /// What another model, which alone reads it, takes as its `n`-th input.
    OfModel(ModelType, usize),
}

/// Who reads a value.
struct Reader {
    value: usize,
    what: What,
    /// As a message says it.
    name: String,
    span: Span,
}

enum What {
    /// Whole numbers: an embedding, or an attention its mask.
    Whole,
    Model(ModelType, usize),
    Other,
}

/// What each input consists of, by who reads it: what an embedding, or an attention as its mask, reads nothing else does, and they read nothing
/// but inputs.
pub fn elements(
    errors: &Errors,
    names: &[String],
    leaves: &[Leaf<'_>],
    (flow, joins): (Option<&Flow<'_>>, &[Joined]),
    resolved: &[Resolved],
) -> Vec<Elements> {
    let readers = match flow {
        Some(flow) => of_flow(flow, leaves, resolved),
        None => of_chain(leaves, joins, resolved),
    };
    for reader in readers.iter().filter(|reader| reader.value >= names.len()) {
        if let What::Whole = reader.what {
            let message = format!("{} takes whole numbers, and is given floats", reader.name);
            let help = "give it an input of the model as it is: nothing else holds whole numbers";
            errors.at_span(reader.span, with_help(message, help));
        }
    }
    let of_input = |(value, name): (usize, &String)| {
        let readers = || readers.iter().filter(|reader| reader.value == value);
        let whole = readers().find(|reader| matches!(reader.what, What::Whole));
        let mut others = readers().filter(|reader| matches!(reader.what, What::Other));
        if let Some(whole) = whole {
            for other in others {
                let message = format!(
                    "{} takes floats, and `{name}` holds whole numbers: {} reads it",
                    other.name, whole.name
                );
                errors.at_span(
                    other.span,
                    with_help(message, "give the model both: another input for the floats"),
                );
            }
            return Elements::Whole;
        }
        if others.next().is_some() {
            return Elements::Floats;
        }
        let model = readers().find_map(|reader| match &reader.what {
            What::Model(model, place) => Some(Elements::OfModel(model.clone(), *place)),
            What::Whole | What::Other => None,
        });
        model.unwrap_or(Elements::Floats)
    };
    names.iter().enumerate().map(of_input).collect()
}

/// The first part reads the input, and the first of each branch that begins there; each other one what the one before makes.
fn of_chain(leaves: &[Leaf<'_>], joins: &[Joined], resolved: &[Resolved]) -> Vec<Reader> {
    let begin = joins.iter().filter(|join| join.first == 0);
    let begin = begin.flat_map(|join| &join.ends[..join.ends.len() - 1]);
    let begin: Vec<usize> = [0].into_iter().chain(begin.copied()).collect();
    let value = |leaf: usize| if begin.contains(&leaf) { 0 } else { leaf };
    let parts = leaves.iter().zip(resolved).enumerate();
    let mut readers: Vec<Reader> = parts
        .map(|(position, (leaf, resolved))| reader(value(position), [0, 1], leaf, resolved))
        .collect();
    for join in joins {
        if let Join::Residual(span) = join.join {
            readers.push(Reader {
                value: value(join.first),
                what: What::Other,
                name: "`residual`".to_owned(),
                span,
            });
        }
    }
    readers
}

fn of_flow(flow: &Flow<'_>, leaves: &[Leaf<'_>], resolved: &[Resolved]) -> Vec<Reader> {
    let mut readers = Vec::new();
    for action in &flow.actions {
        let mut other = |value: usize, name: &str, span: Span| {
            readers.push(Reader {
                value,
                what: What::Other,
                name: name.to_owned(),
                span,
            });
        };
        match action {
            Action::Run { leaf, inputs, at, .. } => {
                for (place, value) in inputs.iter().enumerate() {
                    let reader = reader(*value, [place, inputs.len()], &leaves[*leaf], &resolved[*leaf]);
                    // What a part takes beside the first is wrong where it is given.
                    let span = if place == 0 { reader.span } else { at[place] };
                    readers.push(Reader { span, ..reader });
                }
            }
            // Only the sizes of the value are looked at, or it is read by what comes next as well.
            Action::Spread { .. } => {}
            Action::Binary { operands, span, .. } => {
                operands.iter().for_each(|value| other(*value, "arithmetic", *span))
            }
            Action::Number { input, span, .. } => other(*input, "arithmetic", *span),
            Action::Cat { inputs, span, .. } => inputs.iter().for_each(|value| other(*value, "`cat`", *span)),
            Action::Slice { input, span, .. } => other(*input, "`split`", *span),
            Action::Declare { input, span, .. } => other(*input, "`let`", *span),
        }
    }
    for (value, span) in flow.returned.iter().zip(&flow.returned_at) {
        readers.push(Reader {
            value: *value,
            what: What::Other,
            name: "the output".to_owned(),
            span: *span,
        });
    }
    readers
}

/// One of so many values.
fn reader(value: usize, [place, count]: [usize; 2], leaf: &Leaf<'_>, resolved: &Resolved) -> Reader {
    let is_mask = || {
        leaf.signature()
            .is_some_and(|signature| signature.is_mask(place, count))
    };
    let what = match resolved {
        Resolved::Embedding { .. } => What::Whole,
        Resolved::Model(model) => What::Model(model.clone(), place),
        _ if is_mask() => What::Whole,
        _ => What::Other,
    };
    Reader {
        value,
        what,
        name: format!("`{}`", leaf.own_label()),
        span: leaf.span(),
    }
}
