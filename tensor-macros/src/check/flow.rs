//! How values go through the parts of a struct: a `#[forward(..)]` as actions on numbered values. Names are resolved and loops unrolled
//! here; shapes come after.

use super::leaves::tidy;
use super::parts::{is_self, self_dot};
use super::scope::{Bindings, Held, Parts};
use crate::errors::{Errors, with_help};
use crate::signature::nearest;
use crate::syntax::{Forward, Model, Part, Pattern, Statement};
use proc_macro2::{Ident, Span};
use syn::{Expr, UnOp};
use tensor_ops::{Binary, Unary};

/// What a forward does, a line an action.
pub struct Flow<'a> {
    /// Functions that it calls, as layers, each under a path of its own.
    pub functions: Vec<(String, Part)>,
    /// Each makes one value: the first inputs have the first numbers, then come the actions.
    pub actions: Vec<Action<'a>>,
    /// The value that comes out.
    pub returned: usize,
}

/// One of them.
pub enum Action<'a> {
    /// Runs a part, or a function: the leaves of the model are counted first, then the functions.
    Run {
        leaf: usize,
        input: usize,
        /// Whether what it makes goes to the next part of one chain, and nowhere else.
        is_inside: bool,
    },
    /// A parameter as a value: by itself, or as large as another, whose maker is named.
    Spread {
        leaf: usize,
        over: Option<(usize, String)>,
        span: Span,
    },
    /// `a + b`, each with who makes it.
    Binary {
        op: Binary,
        operands: [usize; 2],
        makers: [String; 2],
        path: String,
        span: Span,
    },
    /// `0.5 * x`.
    Number {
        op: Unary,
        input: usize,
        path: String,
        span: Span,
    },
    /// `cat(a, b, axis = 1)`, each with who makes it.
    Cat {
        inputs: Vec<usize>,
        makers: Vec<String>,
        axis: i64,
        path: String,
        span: Span,
    },
    /// One of the values of `split(x, [3, 5], axis = 1)`: how long all are, and which this is.
    Slice {
        input: usize,
        maker: String,
        lens: Vec<usize>,
        place: usize,
        /// Whether it is the first of them that has a name, which tells what is wrong with all.
        tells: bool,
        axis: i64,
        path: String,
        span: Span,
    },
    /// `let y: [128] = ..`.
    Declare {
        input: usize,
        maker: String,
        sizes: &'a [Expr],
        span: Span,
    },
}

/// Reads a forward. `None` if something in it is wrong, which is told.
pub fn flow<'a>(errors: &'a Errors, model: &'a Model, forward: &'a Forward) -> Option<Flow<'a>> {
    let before = errors.count();
    let parts = Parts::of(model);
    let mut walk = Walk {
        errors,
        runs: vec![false; parts.leaves],
        parts,
        bindings: Bindings::default(),
        makers: Vec::new(),
        paths: Vec::new(),
        inputs: forward.inputs.len(),
        flow: Flow {
            functions: Vec::new(),
            actions: Vec::new(),
            returned: 0,
        },
    };
    for (value, given) in forward.inputs.iter().enumerate() {
        walk.makers.push(format!("the input `{}`", given.name));
        walk.bindings.bind(errors, &given.name, given.is_mutable, value, 0);
    }
    if let Some(second) = forward.inputs.get(1) {
        let help = "join the inputs along an axis, and `split` them in the forward";
        errors.at(
            &second.name,
            with_help("a second input of a forward is not supported yet", help),
        );
    }
    walk.statements(&forward.body.statements);
    let returned = walk.value(&forward.body.value);
    if errors.count() == before {
        walk.bindings.leave(errors, 0);
        walk.check_parts(model);
    }
    let mut flow = walk.flow;
    flow.returned = returned?;
    (errors.count() == before).then_some(flow)
}

pub(super) struct Walk<'a> {
    pub(super) errors: &'a Errors,
    pub(super) parts: Parts,
    pub(super) bindings: Bindings,
    /// Which leaves run.
    pub(super) runs: Vec<bool>,
    /// Who makes each value.
    pub(super) makers: Vec<String>,
    /// Of actions that are no parts.
    pub(super) paths: Vec<String>,
    pub(super) inputs: usize,
    pub(super) flow: Flow<'a>,
}

impl<'a> Walk<'a> {
    fn statements(&mut self, statements: &'a [Statement]) {
        let scope = self.bindings.len();
        self.statements_in(statements, scope);
    }

    pub(super) fn statements_in(&mut self, statements: &'a [Statement], scope: usize) {
        for statement in statements {
            match statement {
                Statement::Let { pattern, sizes, value } => {
                    let declared = sizes.as_ref().map(|(sizes, span)| (sizes.as_slice(), *span));
                    self.bind(pattern, declared, value, scope);
                }
                Statement::Assign { name, value } => {
                    let value = self.value(value);
                    self.bindings.assign(self.errors, name, value);
                }
                Statement::For { item, parts, body } => self.each(item, parts, body),
            }
        }
    }

    /// `let y: [128] = fc(x);` A value that could not be made has a name all the same: one mistake, one error.
    fn bind(&mut self, pattern: &Pattern, declared: Option<(&'a [Expr], Span)>, value: &'a Expr, scope: usize) {
        if pattern.tuple.is_some() {
            return self.bind_all(pattern, declared, value, scope);
        }
        let made = self.value(value);
        let [name] = &pattern.names[..] else {
            unreachable!("syntax/forward.rs: one name without parentheses")
        };
        let Some(ident) = &name.name else {
            let message = "this value is computed and not used";
            self.errors
                .at_span(name.span, with_help(message, "give it a name, or remove the `let`"));
            return;
        };
        let made = match (made, declared) {
            (Some(input), Some((sizes, span))) => {
                let maker = self.makers[input].clone();
                let action = Action::Declare {
                    input,
                    maker: maker.clone(),
                    sizes,
                    span,
                };
                Some(self.push(action, maker))
            }
            (made, _) => made,
        };
        let value = made.unwrap_or(usize::MAX);
        self.bindings.bind(self.errors, ident, name.is_mutable, value, scope);
    }

    /// `let (a, b) = split(x, 4, axis = 1);`
    fn bind_all(&mut self, pattern: &Pattern, declared: Option<(&'a [Expr], Span)>, value: &'a Expr, scope: usize) {
        let count = pattern.names.len();
        let made = match value {
            Expr::Call(call) if tidy(&call.func) == "split" => self.split(call, count),
            other => {
                let message = "a tuple of names takes the values of `split`";
                let help = "bind one value: `let y = ..`, or write `let (a, b) = split(x, 4, axis = 1);`";
                self.errors.at(other, with_help(message, help));
                None
            }
        };
        if let Some((_, span)) = declared {
            let help = "the sizes of each follow from what is split";
            self.errors
                .at_span(span, with_help("a tuple has no shape of its own", help));
        }
        let first = pattern.names.iter().position(|name| name.name.is_some());
        if first.is_none() {
            let help = "give one of them a name, or remove the `let`";
            self.errors
                .at(value, with_help("these values are computed and not used", help));
        }
        for (place, name) in pattern.names.iter().enumerate() {
            let value = match (&made, &name.name) {
                (_, None) => continue,
                (Some(split), Some(_)) => self.slice(split, place, first == Some(place)),
                (None, Some(_)) => usize::MAX,
            };
            if let Some(ident) = &name.name {
                self.bindings.bind(self.errors, ident, name.is_mutable, value, scope);
            }
        }
    }

    /// An expression as a value; `None` if it is none, which is told.
    pub(super) fn value(&mut self, expression: &'a Expr) -> Option<usize> {
        match expression {
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.named(name),
                None => self.no_value(expression),
            },
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => {
                let name = &call.method;
                if is_self(&call.receiver) {
                    self.drop_self(expression, name);
                } else {
                    let receiver = tidy(&call.receiver);
                    let message = "a forward calls parts and functions, values have no methods";
                    let help = format!("write `{name}({receiver})`");
                    self.errors.at(name, with_help(message, help));
                }
                None
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let input = self.value(&unary.expr)?;
                Some(self.number(Unary::Neg, "neg", input, expression))
            }
            Expr::Tuple(tuple) => {
                let message = "several outputs are not supported yet";
                let help = "join them: a forward gives one value";
                self.errors.at(tuple, with_help(message, help));
                None
            }
            other => match self_dot(other) {
                Some(name) => {
                    self.drop_self(other, name);
                    None
                }
                None => self.no_value(other),
            },
        }
    }

    pub(super) fn no_value(&self, expression: &Expr) -> Option<usize> {
        let message = format!("`{}` is no value of a forward", tidy(expression));
        let help =
            "a value is a name, a call of a part or a function, or a sum, difference, product or quotient of values";
        self.errors.at(expression, with_help(message, help));
        None
    }

    fn named(&mut self, name: &Ident) -> Option<usize> {
        if let Some(value) = self.bindings.read(name) {
            // What could not be made is told already.
            return (value != usize::MAX).then_some(value);
        }
        let text = name.to_string();
        if let Some(Held::Parameter(leaf)) = self.parts.find(name) {
            return Some(self.spread(leaf, None, name));
        }
        if self.parts.find(name).is_some() {
            let message = format!("`{text}` is a part and no value");
            self.errors
                .at(name, with_help(message, format!("call it: `{text}(x)`")));
            return None;
        }
        let help = match nearest(&text, self.bindings.names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "give it by `let`, or as an input".to_owned(),
        };
        self.errors
            .at(name, with_help(format!("there is no value called `{text}`"), help));
        None
    }

    pub(super) fn push(&mut self, action: Action<'a>, maker: String) -> usize {
        self.flow.actions.push(action);
        self.makers.push(maker);
        self.inputs + self.flow.actions.len() - 1
    }

    /// `relu`, then `relu_2`: no part is called so.
    pub(super) fn path(&mut self, word: &str) -> String {
        let mut names = (1..).map(|count| match count {
            1 => word.to_owned(),
            count => format!("{word}_{count}"),
        });
        let is_free = |name: &String| !self.paths.contains(name) && self.parts.names().all(|part| part != name);
        let name = names.find(is_free).unwrap_or_default();
        self.paths.push(name.clone());
        name
    }
}
