//! How values go through the parts of a struct: a `#[forward(..)]` as actions on numbered values. Names are resolved and loops unrolled
//! here; shapes come after.

use super::leaves::tidy;
use super::parts::{is_self, self_dot};
use super::scope::{Bindings, Held, Parts};
use crate::errors::{Errors, with_help};
use crate::signature::nearest;
use crate::syntax::{Forward, Model, Part, Statement};
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, UnOp};
use tensor_ops::{Binary, Unary};

/// What a forward does, a line an action.
pub struct Flow<'a> {
    /// Functions that it calls, as layers, each under a path of its own.
    pub functions: Vec<(String, Part)>,
    /// In the order in which they run. The inputs have the first numbers, then comes what the actions make.
    pub actions: Vec<Action<'a>>,
    /// The values that come out.
    pub returned: Vec<usize>,
    /// Where each of them stands.
    pub returned_at: Vec<Span>,
}

/// One of them.
pub enum Action<'a> {
    /// Runs a part, or a function: the leaves of the model are counted first, then the functions. It makes as many values as are taken.
    Run {
        leaf: usize,
        inputs: Vec<usize>,
        /// Where each of them is written.
        at: Vec<Span>,
        makes: usize,
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
        flow: Flow {
            functions: Vec::new(),
            actions: Vec::new(),
            returned: Vec::new(),
            returned_at: Vec::new(),
        },
    };
    for (value, given) in forward.inputs.iter().enumerate() {
        walk.makers.push(format!("the input `{}`", given.name));
        walk.bindings.bind(errors, &given.name, given.is_mutable, value, 0);
    }
    if let Some(extra) = forward.inputs.get(MOST) {
        let message = format!("a forward is given at most {MOST} values, this is one more");
        errors.at(
            &extra.name,
            with_help(message, "join some along an axis, and `split` them"),
        );
    }
    walk.statements(&forward.body.statements);
    let returned = walk.returned(&forward.body.value);
    if errors.count() == before {
        walk.bindings.leave(errors, 0);
        walk.check_parts(model);
    }
    let mut flow = walk.flow;
    flow.returned = returned?;
    flow.returned_at = match &forward.body.value {
        Expr::Tuple(tuple) => tuple.elems.iter().map(Spanned::span).collect(),
        value => vec![value.span()],
    };
    (errors.count() == before).then_some(flow)
}

/// More values than this are not taken, and not given: each has a tensor's type of its own in the methods.
const MOST: usize = 6;

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
                Statement::Let {
                    pattern,
                    declared,
                    value,
                } => self.bind(pattern, declared, value, scope),
                Statement::Assign { name, value } => {
                    let value = self.value(value);
                    self.bindings.assign(self.errors, name, value);
                }
                Statement::For { item, parts, body } => self.each(item, parts, body),
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
                let message = "a tuple stands where one value is";
                let help = "give each a name of its own: a tuple is what `let (a, b) = ..` takes apart, and what a forward may end with";
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

    /// Another action, which makes one value.
    pub(super) fn push(&mut self, action: Action<'a>, maker: String) -> usize {
        self.push_several(action, maker, 1)
    }

    /// Another action; gives the first of the values that it makes.
    pub(super) fn push_several(&mut self, action: Action<'a>, maker: String, count: usize) -> usize {
        self.flow.actions.push(action);
        self.makers.extend(std::iter::repeat_n(maker, count));
        self.makers.len() - count
    }

    /// What stands at the end: a value, or a tuple of such.
    fn returned(&mut self, expression: &'a Expr) -> Option<Vec<usize>> {
        let Expr::Tuple(tuple) = expression else {
            return self.value(expression).map(|value| vec![value]);
        };
        match tuple.elems.len() {
            0 => {
                let help = "write the value that comes out as the last line, without `;`";
                self.errors.at(tuple, with_help("the forward gives no value", help));
                return None;
            }
            1 => {
                let message = "a tuple of one value is that value";
                let help = format!("write `{}`", tidy(&tuple.elems[0]));
                self.errors.at(tuple, with_help(message, help));
            }
            2..=MOST => {}
            count => {
                let message = format!("a forward gives at most {MOST} values, found {count}");
                self.errors.at(
                    &tuple.elems[MOST],
                    with_help(message, "join some of them: `cat(a, b, axis = 1)`"),
                );
            }
        }
        let values: Vec<Option<usize>> = tuple.elems.iter().map(|value| self.value(value)).collect();
        values.into_iter().collect()
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
