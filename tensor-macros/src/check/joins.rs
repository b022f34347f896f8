//! `residual(..)` and `cat(..)` in a chain: what goes into it is added to what comes out, or goes into several branches.

use super::leaves::leaves;
use super::resolved::Resolved;
use super::shapes::{Current, Inference, Known};
use crate::errors::{Errors, with_help};
use crate::syntax::{Body, Chain, Join, Model};
use proc_macro2::Span;
use tensor_ops::Binary;

/// One of them, by the leaves that it is made of.
pub struct Joined {
    /// The first leaf in it.
    pub first: usize,
    /// The leaf behind each of its branches; a residual is one.
    pub ends: Vec<usize>,
    /// Under which name what is joined stands in the graph.
    pub path: String,
    /// Which it is.
    pub join: Join,
}

impl Joined {
    fn word(&self) -> (&'static str, Span) {
        match self.join {
            Join::Residual(span) => ("residual", span),
            Join::Cat(span, _) => ("cat", span),
        }
    }
}

/// All of them, those inside another before that.
pub fn joins(chain: &Chain) -> Vec<Joined> {
    let (mut found, mut leaf) = (Vec::new(), 0);
    collect(chain, "", &mut leaf, &mut found);
    found
}

fn collect(chain: &Chain, above: &str, leaf: &mut usize, found: &mut Vec<Joined>) -> Vec<usize> {
    let mut ends = Vec::new();
    for (position, part) in chain.parts.iter().enumerate() {
        let Body::Group(group) = &part.body else {
            let count = match &part.body {
                Body::Array(array) => leaves(array).len(),
                _ => 1,
            };
            *leaf += count;
            ends.push(*leaf);
            continue;
        };
        let name = part.name.as_ref().map_or_else(|| position.to_string(), super::plain);
        let (first, path) = (*leaf, format!("{above}{name}."));
        let branches = collect(group, &path, leaf, found);
        if let Some(join) = group.join {
            let (ends, name) = match join {
                Join::Residual(_) => (vec![*leaf], "sum"),
                Join::Cat(..) => (branches, "cat"),
            };
            let path = format!("{path}{name}");
            found.push(Joined {
                first,
                ends,
                path,
                join,
            });
        }
        ends.push(*leaf);
    }
    ends
}

/// In a struct whose forward says how values go, it says this as well.
pub fn check(errors: &Errors, model: &Model) {
    if model.forward.is_none() {
        return;
    }
    for joined in joins(&model.chain) {
        let (word, span) = joined.word();
        let message = format!("`{word}(..)` stands in chains; this model has a forward, which says how values go");
        let help = match joined.join {
            Join::Residual(_) => "write `x + part(x)` there",
            Join::Cat(..) => "write `cat(a(x), b(x), axis = 1)` there",
        };
        errors.at_span(span, with_help(message, help));
    }
}

impl Inference<'_> {
    /// One leaf after the other; what goes into a join is kept until its last branch has run.
    pub(super) fn chain(&mut self, joins: &[Joined], resolved: &[Resolved]) {
        let mut open: Vec<(Option<Known>, Vec<Option<Known>>)> = Vec::new();
        for (position, resolved) in resolved.iter().enumerate() {
            // What is inside another was opened after it.
            for joined in joins.iter().rev().filter(|joined| joined.first == position) {
                let entered = self.enters(joined);
                open.push((entered, Vec::new()));
            }
            if let (Resolved::Model(_), Current::Known(known)) = (resolved, &self.current) {
                self.nested_makes = self.kept_by_a_model(&known.shape, true);
            }
            self.layer(position, resolved);
            for joined in joins.iter().filter(|joined| joined.ends.contains(&(position + 1))) {
                let Some((entered, mut made)) = open.pop() else {
                    unreachable!("every join was opened at its first leaf")
                };
                if let Join::Residual(span) = joined.join {
                    self.adds(entered, &joined.path, span);
                    continue;
                }
                made.push(match std::mem::replace(&mut self.current, Current::Unknown) {
                    Current::Known(known) => Some(known),
                    Current::Missing | Current::Unknown => None,
                });
                if made.len() < joined.ends.len() {
                    self.current = entered.clone().map_or(Current::Unknown, Current::Known);
                    open.push((entered, made));
                    continue;
                }
                self.joined(made, joined);
            }
        }
    }

    /// `cat(a, b, axis = 1)`: all that the branches make.
    fn joined(&mut self, made: Vec<Option<Known>>, joined: &Joined) {
        let Join::Cat(span, axis) = joined.join else {
            return;
        };
        let makers: Vec<String> = (1..=made.len())
            .map(|branch| format!("what branch {branch} makes"))
            .collect();
        let made: Option<Vec<Known>> = made.into_iter().collect();
        let whole = made.and_then(|made| self.cat(made, &makers, axis, &joined.path, span));
        self.current = whole.map_or(Current::Unknown, Current::Known);
    }

    /// `residual(linear(64, 64))` as the first part: what would be added?
    fn enters(&mut self, joined: &Joined) -> Option<Known> {
        match &self.current {
            Current::Known(known) => Some(known.clone()),
            Current::Unknown => None,
            Current::Missing => {
                let (word, span) = joined.word();
                let message = format!("the input's shape is not known: `{word}` takes any");
                let help = "give the model's input: `#[input(784)]`, without the batch";
                self.errors.at_span(span, with_help(message, help));
                self.fails();
                None
            }
        }
    }

    /// `residual(linear(64, 32))`: what comes out has the shape of what went in.
    fn adds(&mut self, entered: Option<Known>, path: &str, span: Span) {
        let Current::Known(left) = std::mem::replace(&mut self.current, Current::Unknown) else {
            return;
        };
        let Some(entered) = entered else {
            return;
        };
        let [entered, left] = self.one_shape(entered, left);
        if !self.facts.variables.may_be_one(&entered.shape, &left.shape) {
            let message = format!(
                "`residual` adds what goes in to what comes out, but {} goes in and {} comes out",
                entered.shape, left.shape
            );
            let help = format!("let its last layer make {}", entered.shape);
            self.errors.at_span(span, with_help(message, help));
            return;
        }
        let makers = ["what goes in".to_owned(), "what comes out".to_owned()];
        let sum = self.binary(Binary::Add, [entered, left], &makers, path, span);
        self.current = sum.map_or(Current::Unknown, Current::Known);
    }
}
