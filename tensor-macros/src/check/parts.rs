//! Parts in a forward: loops over them, the names that they are called by, and those that no line calls.

use super::flow::Walk;
use super::leaves::tidy;
use super::scope::Held;
use crate::errors::with_help;
use crate::signature::nearest;
use crate::syntax::{Model, Statement};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::Expr;

impl<'a> Walk<'a> {
    /// `for block in blocks { x = block(x); }`, once for each.
    pub(super) fn each(&mut self, item: &Ident, parts: &Expr, body: &'a [Statement]) {
        let held = self.part_named(parts);
        let elements = match held {
            Some(Held::Array(elements)) => elements,
            Some(Held::Leaf(_) | Held::Parameter(_) | Held::Group(_)) => {
                let text = tidy(parts);
                let message = format!("`{text}` is one part, and `for` goes over an array of parts");
                let help = format!("call it: `{text}(x)`; or declare its type as `[Part; 12]`");
                self.errors.at(parts, with_help(message, help));
                return;
            }
            None => return,
        };
        for element in elements {
            let before = self.errors.count();
            let scope = self.bindings.len();
            self.parts.enter(item, element);
            self.statements_in(body, scope);
            self.parts.leave();
            if self.errors.count() == before {
                self.bindings.leave(self.errors, scope);
            }
            self.bindings.truncate(scope);
            // What is wrong with the first is wrong with all.
            if self.errors.count() != before {
                return;
            }
        }
    }

    /// The part that an expression names: `blocks`.
    fn part_named(&self, expression: &Expr) -> Option<Held> {
        if let Some(name) = self_dot(expression) {
            self.drop_self(expression, name);
            return None;
        }
        let name = match expression {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        let Some(name) = name else {
            let help = "write the name of a part";
            self.errors
                .at(expression, with_help("this is no part of the model", help));
            return None;
        };
        let found = self.parts.find(name);
        if found.is_none() {
            let text = name.to_string();
            let help = match nearest(&text, self.parts.names()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the parts are {}", self.parts.names().collect::<Vec<_>>().join(", ")),
            };
            self.errors
                .at(name, with_help(format!("there is no part called `{text}`"), help));
        }
        found
    }

    pub(super) fn drop_self(&self, tokens: impl ToTokens, name: &Ident) {
        let message = "parts are called by their names alone";
        self.errors
            .at(tokens, with_help(message, format!("drop `self.`: write `{name}`")));
    }

    /// `dropout: Dropout` that no line calls.
    pub(super) fn check_parts(&self, model: &Model) {
        let named = model.chain.parts.iter().filter_map(|part| part.name.as_ref());
        for name in named {
            let Some(held) = self.parts.find(name) else {
                continue;
            };
            let leaves = held.leaves();
            if leaves.iter().all(|leaf| !self.runs[*leaf]) {
                let (what, use_it) = match held {
                    Held::Parameter(leaf) => (
                        self.parts.word(leaf),
                        format!("use it in the forward, or remove it: `x + {name}`"),
                    ),
                    _ => ("part", format!("call it in the forward, or remove it: `{name}(x)`")),
                };
                let message = format!("the {what} `{name}` is never used");
                self.errors.at(name, with_help(message, use_it));
            }
        }
    }
}

/// `self`.
pub(super) fn is_self(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident("self"))
}

/// `fc` in `self.fc` and `(self.fc)`.
pub(super) fn self_dot(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Paren(inner) => self_dot(&inner.expr),
        Expr::Field(field) if is_self(&field.base) => match &field.member {
            syn::Member::Named(name) => Some(name),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}
