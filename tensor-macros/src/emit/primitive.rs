//! Primitives in emitted code: a table of them, and the calls that run an entry.

use super::function::Function;
use super::{Emission, ours};
use crate::graph::{Node, Operand};
use crate::passes::Place;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use tensor_ops::Primitive;
use tensor_ops::primitive::count;

/// `static PRIMITIVES: [Primitive; 2] = [..];`, each once, in the order in which they run; nothing where there are none.
pub fn table(emission: &Emission<'_>) -> TokenStream {
    let all = emission.primitives;
    if all.is_empty() {
        return TokenStream::new();
    }
    let (private, count) = (emission.krate.private(), Literal::usize_unsuffixed(all.len()));
    let all = all.iter().map(|primitive| written(emission, primitive));
    if emission.lowered.is_generic {
        return ours! {
            const PRIMITIVES: &'static [#private::Primitive; #count] = &{
                use #private::primitive::written::*;
                [#(#all),*]
            };
        };
    }
    ours! {
        static PRIMITIVES: [#private::Primitive; #count] = {
            use #private::primitive::written::*;
            [#(#all),*]
        };
    }
}

/// An entry of the table.
pub fn entry(emission: &Emission<'_>, primitive: &Primitive) -> TokenStream {
    let index = emission.primitives.iter().position(|other| other == primitive);
    let index =
        Literal::usize_unsuffixed(index.unwrap_or_else(|| unreachable!("lower.rs: training has every primitive")));
    if emission.lowered.is_generic {
        return ours!(&Self::PRIMITIVES[#index]);
    }
    ours!(&PRIMITIVES[#index])
}

/// As rustc reads it: what `Debug` writes is an expression, in which the library's module of that name is in scope.
fn written(emission: &Emission<'_>, primitive: &Primitive) -> TokenStream {
    let tokens: TokenStream = format!("{primitive:?}")
        .parse()
        .unwrap_or_else(|error| unreachable!("tensor-ops: derived `Debug` is an expression: {error}"));
    at_mixed_site(emission, tokens)
}

/// Names where ours are, and in the place of a count that stands for a name the size of that.
fn at_mixed_site(emission: &Emission<'_>, tokens: TokenStream) -> TokenStream {
    let relocate = |token: TokenTree| match token {
        TokenTree::Group(group) => {
            let inside = at_mixed_site(emission, group.stream());
            TokenStream::from(TokenTree::from(proc_macro2::Group::new(group.delimiter(), inside)))
        }
        TokenTree::Ident(name) => TokenTree::from(Ident::new(&name.to_string(), Span::mixed_site())).into(),
        TokenTree::Literal(number) => match number
            .to_string()
            .parse()
            .ok()
            .filter(|count| count::name(*count).is_some())
        {
            Some(count) => emission.sizes().constant(&count::size(count)),
            None => TokenTree::from(number).into(),
        },
        mark => mark.into(),
    };
    tokens.into_iter().map(relocate).collect()
}

impl Function<'_> {
    /// `pass.primitive(&PRIMITIVES[0], &[x.block([batch_size, 1, 28, 28])], &[pass.parameter_block(0)], &[], out, &[])`.
    pub(super) fn primitive(&mut self, primitive: &Primitive, node: &Node) -> TokenStream {
        let (inputs, rest) = node.operands.split_at(primitive.inputs());
        let (parameters, buffers) = rest.split_at(primitive.parameters().len());
        let entry = entry(self.emission, primitive);
        let (inputs, parameters, buffers) = (self.blocks(inputs), self.blocks(parameters), self.operands(buffers));
        let (out, kept) = (self.block(node.results[0]), self.blocks(&node.results[1..]));
        ours!(pass.primitive(#entry, &[#(#inputs),*], &[#(#parameters),*], &[#(#buffers),*], #out, &[#(#kept),*]);)
    }

    /// `pass.primitive_backward(&PRIMITIVES[0], Saved { .. }, d, &[d_x], &[pass.gradient(0)])`.
    pub(super) fn primitive_backward(&mut self, primitive: &Primitive, node: &Node) -> TokenStream {
        let private = self.emission.krate.private();
        let entry = entry(self.emission, primitive);
        let (needs, count) = (primitive.needs(), primitive.inputs());
        let (inputs, rest) = node.operands.split_at(if needs.inputs { count } else { 0 });
        let (out, rest) = rest.split_at(usize::from(needs.output));
        let (kept, rest) = rest.split_at(primitive.kept_count());
        let (d, parameters) = (rest[0], &rest[1..]);
        let (inputs, kept, parameters) = (self.blocks(inputs), self.blocks(kept), self.blocks(parameters));
        let out = match out {
            [out] => {
                let out = self.block(*out);
                ours!(::core::option::Option::Some(#out))
            }
            _ => ours!(::core::option::Option::None),
        };
        let d = self.block(d);
        let count = primitive.gradients();
        let gradients: Vec<TokenStream> = node.results[..count]
            .iter()
            .map(|result| self.wanted_block(*result))
            .collect();
        let taught = self.operands(&node.results[count..]);
        ours! {
            pass.primitive_backward(
                #entry,
                #private::Saved { inputs: &[#(#inputs),*], out: #out, kept: &[#(#kept),*], parameters: &[#(#parameters),*] },
                #d,
                &[#(#gradients),*],
                &[#(#taught),*],
            );
        }
    }

    fn blocks(&mut self, operands: &[Operand]) -> Vec<TokenStream> {
        operands.iter().map(|operand| self.block(*operand)).collect()
    }

    /// An operand with all of its sizes.
    pub(super) fn block(&mut self, operand: Operand) -> TokenStream {
        match operand {
            Operand::Value(value) => {
                let (name, sizes) = (self.matrix(value), self.sizes_of(operand));
                ours!(#name.block([#(#sizes),*]))
            }
            Operand::Parameter(parameter) => {
                let index = self.index(parameter);
                ours!(pass.parameter_block(#index))
            }
            Operand::Buffer(_) => {
                let index = self.operand(operand);
                ours!(pass.buffer_block(#index))
            }
            Operand::Gradient(_) => unreachable!("differentiate.rs: gradients are results"),
        }
    }

    /// Where the gradient of an input goes, if anyone wants it.
    fn wanted_block(&mut self, result: Operand) -> TokenStream {
        let Operand::Value(value) = result else {
            unreachable!("differentiate.rs: the gradients of inputs come first")
        };
        match self.planned.places[value.0] {
            Place::Nowhere => ours!(::core::option::Option::None),
            Place::InputGradient(input) => {
                let (input, sizes) = (Literal::usize_unsuffixed(input), self.sizes_of(result));
                ours!(pass.input_grad_block(#input, [#(#sizes),*]))
            }
            Place::Slot(_) | Place::Input(_) | Place::Output(_) | Place::OutputGradient(_) => {
                let block = self.block(result);
                ours!(::core::option::Option::Some(#block))
            }
        }
    }
}
