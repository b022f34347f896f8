//! A function that is being written, and how it names sizes and matrices.

use super::nested::count;
use super::size::local_name;
use super::unary::unary;
use super::{Emission, ident, ours};
use crate::check::BATCH;
use crate::graph::{Graph, Operand, Value};
use crate::passes::{Mode, Place, Planned};
use proc_macro2::{Ident, Literal, TokenStream};
use std::collections::{HashMap, HashSet};
use tensor_ops::{Poly, Unary};

/// A function that is being written. Sizes and matrices are named when they are first needed.
pub struct Function<'a> {
    pub(super) emission: &'a Emission<'a>,
    pub(super) planned: &'a Planned,
    pub(super) mode: Mode,
    /// Names of sizes that the input brings and the function uses.
    sizes: HashSet<String>,
    /// Matrices that have a name.
    pub(super) named: HashMap<Value, String>,
    /// The gradients by the input, while the function writes what only they need.
    pub(super) input_gradient: Vec<(Poly, Poly, Ident)>,
    pub(super) body: Vec<TokenStream>,
    /// What has a gradient from a line before, to which a further one is added.
    taught: HashSet<Taught>,
}

/// What learns.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Taught {
    /// A parameter of the model's own.
    Parameter(usize),
    /// A nested model, by its first call.
    Program(usize),
}

impl<'a> Function<'a> {
    /// An empty one.
    pub fn new(emission: &'a Emission<'a>, planned: &'a Planned, mode: Mode) -> Self {
        let (sizes, named) = (HashSet::new(), HashMap::new());
        Function {
            emission,
            planned,
            mode,
            sizes,
            named,
            input_gradient: Vec::new(),
            body: Vec::new(),
            taught: HashSet::new(),
        }
    }

    /// Whether this has had a gradient in this function, from now on it has.
    pub(super) fn again(&mut self, taught: Taught) -> bool {
        !self.taught.insert(taught)
    }

    /// Another line.
    pub fn push(&mut self, statement: TokenStream) {
        self.body.push(statement);
    }

    /// Whether there is no line yet.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// A size, whose names are remembered.
    pub fn size(&mut self, size: &Poly) -> TokenStream {
        self.sizes.extend(size.variables().map(str::to_owned));
        self.emission.sizes().expression(size)
    }

    /// The sizes of a value, axis by axis.
    pub fn sizes_of(&mut self, operand: Operand) -> Vec<TokenStream> {
        let axes = self.graph().shape(operand).axes().to_vec();
        axes.iter().map(|size| self.size(size)).collect()
    }

    /// The same as a list, for a model that takes the value.
    fn list_of(&mut self, operand: Operand) -> TokenStream {
        let (shape, emission) = (self.graph().shape(operand), self.emission);
        if let Some((model, output)) = emission.facts.variables.made_by(shape) {
            let batch = self.size(&shape.axes()[0]);
            let (of, private) = (emission.sizes().model_type(model), emission.krate.private());
            let output = Literal::usize_unsuffixed(output);
            return ours!(&<#of as #private::Model>::PROGRAM.made(#output, #batch));
        }
        let sizes = self.sizes_of(operand);
        ours!(&[#(#sizes),*])
    }

    /// `&[&[batch_size, 784], &[batch_size, 10]]`.
    pub fn list_of_all(&mut self, operands: &[Operand]) -> TokenStream {
        let all: Vec<TokenStream> = operands.iter().map(|operand| self.list_of(*operand)).collect();
        ours!(&[#(#all),*])
    }

    /// The lines, those that name sizes first: `let batch_size = pass.size(0, 0);`.
    pub fn statements(self, from: &Ident) -> Vec<TokenStream> {
        let run_time = self.emission.facts.variables.run_time();
        let names = std::iter::once((BATCH, [0, 0])).chain(run_time);
        let lets = names
            .filter(|(name, _)| self.sizes.contains(*name))
            .map(|(name, place)| {
                let (name, [input, axis]) = (ident(&local_name(name)), place.map(Literal::usize_unsuffixed));
                ours!(let #name = #from.size(#input, #axis);)
            });
        lets.chain(self.body.iter().cloned()).collect()
    }

    pub(super) fn finish(self, name: &str) -> TokenStream {
        let (private, name, pass) = (self.emission.krate.private(), ident(name), ident("pass"));
        let statements = self.statements(&pass);
        ours! {
            fn #name(#pass: &#private::Pass<'_>) {
                #(#statements)*
            }
        }
    }

    pub(super) fn graph(&self) -> &'a Graph {
        &self.planned.graph
    }

    /// The name of a matrix, which is looked up before its first use.
    pub(super) fn matrix(&mut self, value: Value) -> Ident {
        let row = self.graph().row(value);
        let (rows, cols) = (row.shape.rows(), row.shape.features());
        let place = self.planned.places[value.0];
        if matches!(place, Place::InputGradient(_))
            && let Some((.., name)) = self
                .input_gradient
                .iter()
                .find(|(known_rows, known_cols, _)| (known_rows, known_cols) == (&rows, &cols))
        {
            return name.clone();
        }
        let is_new = !self.named.contains_key(&value);
        let name = self.name(value);
        if is_new {
            let (rows, cols) = (self.size(&rows), self.size(&cols));
            let (method, index) = match place {
                Place::Input(index) => (ident("input"), index),
                Place::Output(index) => (ident("output"), index),
                Place::OutputGradient(index) => (ident("output_grad"), index),
                Place::Slot(index) => (ident("slot"), index),
                Place::InputGradient(_) | Place::Nowhere => {
                    unreachable!("plan.rs: {value} lies nowhere, and is used")
                }
            };
            let index = Literal::usize_unsuffixed(index);
            self.push(ours!(let #name = pass.#method(#index, #rows, #cols);));
        }
        name
    }

    /// The name of a value, which no other value of the function has: the gradient of `x` and the part `d_x` are two.
    pub(super) fn name(&mut self, value: Value) -> Ident {
        if let Some(name) = self.named.get(&value) {
            return ident(name);
        }
        let mut name = self.graph().row(value).name.clone();
        while self.named.values().any(|taken| *taken == name) {
            name.push('_');
        }
        self.named.insert(value, name.clone());
        ident(&name)
    }

    /// Where a parameter stands among all, those of nested models included.
    pub(super) fn index(&self, parameter: usize) -> TokenStream {
        let graph = self.graph();
        let programs = graph.parameters[parameter].programs_before;
        count(graph, parameter, programs, "parameters")
    }

    pub(super) fn operand(&mut self, operand: Operand) -> TokenStream {
        match operand {
            Operand::Value(value) => {
                let name = self.matrix(value);
                ours!(#name)
            }
            Operand::Parameter(parameter) => {
                let index = self.index(parameter);
                ours!(pass.parameter(#index))
            }
            Operand::Gradient(parameter) => {
                let index = self.index(parameter);
                match self.again(Taught::Parameter(parameter)) {
                    true => ours!(pass.further_gradient(#index)),
                    false => ours!(pass.gradient(#index)),
                }
            }
            Operand::Buffer(buffer) => {
                let graph = self.graph();
                count(graph, buffer, graph.buffers[buffer].programs_before, "buffers")
            }
        }
    }

    pub(super) fn operands(&mut self, operands: &[Operand]) -> Vec<TokenStream> {
        operands.iter().map(|operand| self.operand(*operand)).collect()
    }

    pub(super) fn option(&mut self, operand: Option<Operand>) -> TokenStream {
        match operand.map(|operand| self.operand(operand)) {
            Some(operand) => ours!(::core::option::Option::Some(#operand)),
            None => ours!(::core::option::Option::None),
        }
    }

    pub(super) fn chain(&self, ops: &[Unary]) -> TokenStream {
        let private = self.emission.krate.private();
        let ops = ops.iter().map(|op| unary(&private, op));
        ours!(&[#(#ops),*])
    }
}

/// Where an operation of the other direction would have to be written.
pub fn not_here() -> ! {
    unreachable!("graph/mod.rs: forward and backward hold their own operations")
}
