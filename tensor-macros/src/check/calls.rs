//! Calls in a forward: of parts, and of functions.

use super::arithmetic::number;
use super::flow::{Action, Walk};
use super::leaves::{plain, tidy};
use super::parts::self_dot;
use super::scope::Held;
use super::values::either;
use crate::errors::with_help;
use crate::signature::{LAYERS, Signature, Values, counts, nearest};
use crate::syntax::{self, Body, Layer, Part};
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall};

impl<'a> Walk<'a> {
    /// `fc(x)`, `relu(x)`, `leaky_relu(x, slope = 0.2)`.
    pub(super) fn call(&mut self, call: &'a ExprCall) -> Option<usize> {
        if let Some(name) = self_dot(&call.func) {
            self.drop_self(&call.func, name);
            return None;
        }
        let name = match &*call.func {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        let Some(name) = name else {
            return self.no_value(&call.func);
        };
        if let Some(held) = self.parts.find(name) {
            return self.call_part(call, name, held, 1);
        }
        if name == "split" {
            let message = "`split` gives several values";
            self.errors
                .at(call, with_help(message, "write `let (a, b) = split(x, 4, axis = 1);`"));
            return None;
        }
        if name == "cat" {
            return self.cat(call);
        }
        self.call_function(call, name)
    }

    /// Whether an expression names a part that may give several values.
    pub(super) fn gives_several(&self, expression: &Expr) -> bool {
        let Expr::Path(path) = expression else {
            return false;
        };
        let held = path.path.get_ident().and_then(|name| self.parts.find(name));
        held.is_some_and(|held| self.parts.values(&held).is_none_or(|[_, gives]| gives.len() > 1))
    }

    /// `let (h, c) = cell(x, h);`: the first of so many values.
    pub(super) fn call_giving(&mut self, call: &'a ExprCall, count: usize) -> Option<usize> {
        let Expr::Path(path) = &*call.func else {
            return self.no_value(&call.func);
        };
        let name = path.path.get_ident()?;
        let held = self.parts.find(name)?;
        if let Some([_, gives]) = self.parts.values(&held)
            && !gives.iter().any(|names| names.len() == count)
        {
            let message = format!("`{name}` gives {} values, but there are {count} names", counts(gives));
            let longest = gives.last().map_or(String::new(), |names| names.join(", "));
            let help = format!(
                "write `let ({longest}) = {}`, or `_` for one that is not used",
                tidy(call)
            );
            self.errors.at(&call.func, with_help(message, help));
            return None;
        }
        self.call_part(call, name, held, count)
    }

    /// Another model takes as many values as it is given, and rustc says whether that is right; of a layer it is known.
    fn call_part(&mut self, call: &'a ExprCall, name: &Ident, held: Held, makes: usize) -> Option<usize> {
        if let Held::Parameter(leaf) = held {
            let message = format!(
                "`{name}` is a {}, which is a value and takes none",
                self.parts.word(leaf)
            );
            let help = format!("write its name alone: `x + {name}`");
            self.errors.at(call, with_help(message, help));
            return None;
        }
        let (found, takes) = (call.args.len(), self.parts.values(&held).map(|[takes, _]| takes));
        if found == 0 || takes.is_some_and(|takes| !takes.iter().any(|names| names.len() == found)) {
            self.wrong_count(call, name, takes.unwrap_or(&[&["x"]]), found);
            call.args.iter().for_each(|argument| {
                self.value(argument);
            });
            return None;
        }
        let inputs: Vec<Option<usize>> = call.args.iter().map(|argument| self.value(argument)).collect();
        let inputs = inputs.into_iter().collect::<Option<Vec<usize>>>()?;
        let at: Vec<Span> = call.args.iter().map(Spanned::span).collect();
        let leaves = match held {
            Held::Leaf(leaf) | Held::Parameter(leaf) => leaf..leaf + 1,
            Held::Group(leaves) => leaves,
            Held::Array(_) => {
                let message = format!("`{name}` is an array of parts");
                let help = format!("write `for part in {name} {{ x = part(x); }}`");
                self.errors.at(name, with_help(message, help));
                return None;
            }
        };
        let maker = format!("what `{name}` makes");
        let (mut inputs, end) = (inputs, leaves.end);
        for leaf in leaves {
            self.runs[leaf] = true;
            let is_inside = leaf + 1 < end;
            let action = Action::Run {
                leaf,
                inputs,
                at: at.clone(),
                makes,
                is_inside,
            };
            inputs = vec![self.push_several(action, maker.clone(), makes)];
        }
        Some(inputs[0])
    }

    /// `decoder(x)`: it takes two values at least.
    fn wrong_count(&self, call: &ExprCall, name: &Ident, takes: Values, found: usize) {
        let values = if matches!(takes, [[_]]) { "value" } else { "values" };
        let message = format!("`{name}` takes {} {values}, found {found}", counts(takes));
        let ways = takes.iter().map(|names| format!("`{name}({})`", names.join(", ")));
        let help = format!("write {}", either(ways.collect()));
        self.errors.at(call, with_help(message, help));
    }

    /// Whether an argument of a function is a value, and not the layer's.
    fn is_value(&self, argument: &Expr) -> bool {
        match argument {
            Expr::Path(path) => path.path.get_ident().is_some_and(|name| {
                let text = plain(name);
                self.bindings.names().any(|known| known == text) || self.parts.find(name).is_some()
            }),
            Expr::Call(_) | Expr::MethodCall(_) => true,
            Expr::Binary(binary) => self.is_value(&binary.left) || self.is_value(&binary.right),
            Expr::Unary(unary) => self.is_value(&unary.expr),
            Expr::Paren(inner) => self.is_value(&inner.expr),
            _ => false,
        }
    }

    /// A layer that holds nothing, called by its name; what stands behind the value is the layer's.
    fn call_function(&mut self, call: &'a ExprCall, name: &Ident) -> Option<usize> {
        let text = name.to_string();
        let known = Signature::of_call(&text);
        let Some(signature) = known else {
            let functions = LAYERS.iter().filter(|layer| !layer.has_parameters());
            let names = self.parts.names().chain(functions.map(|layer| layer.name));
            let help = match nearest(&text, names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the parts are {}", self.parts.names().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("there is no part and no function called `{text}`");
            self.errors.at(name, with_help(message, help));
            return None;
        };
        if signature.has_parameters() {
            let message = format!("`{text}` has something to learn, and so is a part");
            let help = format!("declare it as a field: `{text}: net!({})`", signature.text());
            self.errors.at(name, with_help(message, help));
            return None;
        }
        let takes = signature.takes();
        let most = takes.last().map_or(1, |names| names.len());
        let arguments: Vec<&'a Expr> = call.args.iter().collect();
        let values = arguments.iter().take(most).enumerate();
        let least = takes.first().map_or(1, |names| names.len());
        // A name that stands for nothing is told where a value must be.
        let may_be_one = |place: usize, argument: &Expr| place < least && matches!(argument, Expr::Path(_));
        let count = values
            .take_while(|(place, argument)| *place == 0 || self.is_value(argument) || may_be_one(*place, argument))
            .count();
        if !takes.iter().any(|names| names.len() == count) {
            self.wrong_count(call, name, takes, count);
            return None;
        }
        let (values, rest) = arguments.split_at(count);
        let inputs: Vec<Option<usize>> = values.iter().map(|value| self.value(value)).collect();
        let given = (!rest.is_empty())
            .then(|| syntax::arguments(self.errors, quote::quote!(#(#rest),*), call.paren_token.span.join()));
        let layer = Layer {
            name: name.clone(),
            path: None,
            arguments: given,
        };
        let part = Part::plain(Body::Layer(layer));
        let leaf = self.parts.leaves + self.flow.functions.len();
        let path = self.path(&text);
        self.flow.functions.push((path, part));
        let action = Action::Run {
            leaf,
            inputs: inputs.into_iter().collect::<Option<_>>()?,
            at: values.iter().map(|value| value.span()).collect(),
            makes: 1,
            is_inside: false,
        };
        Some(self.push(action, format!("what `{text}` makes")))
    }

    /// `cat(a, b, axis = 1)`: the axis is a number, the batch is 0.
    fn cat(&mut self, call: &'a ExprCall) -> Option<usize> {
        let (mut values, mut axis) = (Vec::new(), None);
        for argument in &call.args {
            match argument {
                Expr::Assign(keyword) if tidy(&keyword.left) == "axis" => {
                    axis = number(&keyword.right).filter(|number| number.fract() == 0.0);
                }
                Expr::Assign(keyword) => {
                    let message = format!("`cat` has no argument called `{}`", tidy(&keyword.left));
                    self.errors
                        .at(&keyword.left, with_help(message, "write `cat(a, b, axis = 1)`"));
                    return None;
                }
                value => values.push(self.value(value)),
            }
        }
        let Some(axis) = axis else {
            let help = "write `cat(a, b, axis = 1)`, the batch being axis 0, or `axis = -1` for the last";
            self.errors
                .at(call, with_help("`cat` needs the number of an axis", help));
            return None;
        };
        if values.len() < 2 {
            let message = format!("`cat` takes 2 values or more, found {}", values.len());
            self.errors.at(call, with_help(message, "write `cat(a, b, axis = 1)`"));
            return None;
        }
        let inputs = values.into_iter().collect::<Option<Vec<usize>>>()?;
        let makers = inputs.iter().map(|input| self.makers[*input].clone()).collect();
        let action = Action::Cat {
            inputs,
            makers,
            axis: axis as i64,
            path: self.path("cat"),
            span: call.func.span(),
        };
        Some(self.push(action, "what `cat` makes".to_owned()))
    }

    /// `split(x, 4, axis = 1)`, into so many; `split(x, [3, 5], axis = 1)`.
    pub(super) fn split(&mut self, call: &'a ExprCall, count: usize) -> Option<Split> {
        let right = "write `let (a, b) = split(x, 4, axis = 1);`, or the size of each: `split(x, [3, 5], axis = 1)`";
        let whole = |expression: &Expr| {
            let number = number(expression).filter(|number| number.fract() == 0.0 && (1.0..1e9).contains(number));
            number.map(|number| number as usize)
        };
        let arguments: Vec<&'a Expr> = call.args.iter().collect();
        let [x, sizes, Expr::Assign(keyword)] = arguments[..] else {
            let message = "`split` takes a value, the size of each part, and the axis";
            self.errors.at(call, with_help(message, right));
            return None;
        };
        let lens = match sizes {
            Expr::Array(list) => list.elems.iter().map(whole).collect(),
            one => whole(one).map(|len| vec![len; count]),
        };
        let axis = number(&keyword.right).filter(|axis| axis.fract() == 0.0 && tidy(&keyword.left) == "axis");
        let input = self.value(x);
        let (Some(lens), Some(axis)) = (lens, axis) else {
            let message = "`split` takes sizes and an axis as numbers";
            self.errors.at(call, with_help(message, right));
            return None;
        };
        if lens.len() != count {
            let message = format!(
                "`split` into {lens:?} gives {} values, but there are {count} names",
                lens.len()
            );
            self.errors.at(
                sizes,
                with_help(message, "write a name for each, or `_` for one that is not used"),
            );
            return None;
        }
        let (axis, span) = (axis as i64, call.func.span());
        input.map(|input| Split {
            input,
            lens,
            axis,
            span,
        })
    }

    /// One of the values that a `split` gives.
    pub(super) fn slice(&mut self, split: &Split, place: usize, tells: bool) -> usize {
        let action = Action::Slice {
            input: split.input,
            maker: self.makers[split.input].clone(),
            lens: split.lens.clone(),
            place,
            tells,
            axis: split.axis,
            path: self.path("split"),
            span: split.span,
        };
        self.push(action, "what `split` makes".to_owned())
    }
}

/// A `split` that is understood.
pub(super) struct Split {
    input: usize,
    lens: Vec<usize>,
    axis: i64,
    span: Span,
}
