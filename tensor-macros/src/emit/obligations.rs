//! What only rustc can compare: emitted as items that do not compile where the sizes differ.

use super::{Emission, ident, ours};
use crate::check::Obligation;
use crate::syntax::{Body, Chain, Layer};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// One item each, so that `cargo check` sees them.
pub fn obligations(emission: &Emission<'_>) -> Vec<TokenStream> {
    let sizes = emission
        .facts
        .obligations
        .iter()
        .map(|obligation| same_size(emission, obligation));
    let mut layers = Vec::new();
    collect(&emission.model.chain, &mut layers);
    let layers = layers
        .into_iter()
        .filter_map(|layer| is_ours(emission, layer));
    let models = emission
        .lowered
        .programs
        .iter()
        .enumerate()
        .map(|(index, _)| nested(emission, index));
    sizes.chain(layers).chain(models).collect()
}

/// ```text
/// error[E0277]: `fc2` expects 256 input features, but `fc1` produces 128
///   | fc1: linear(784, Hidden) >> fc2: linear(256, 10)
///     ^^^ `fc1` produces 128                  --- required by this bound in `fc2`
/// ```
fn same_size(emission: &Emission<'_>, obligation: &Obligation) -> TokenStream {
    let sizes = emission.sizes();
    let (found, expected) = (
        sizes.constant(&obligation.found),
        sizes.constant(&obligation.expected),
    );
    let Obligation {
        producer,
        consumer,
        producer_span,
        consumer_span,
        ..
    } = obligation;
    let message = format!(
        "`{consumer}` expects {{Self}} input features, but `{producer}` produces {{FOUND}}"
    );
    let message = message.replace("{Self}", "{EXPECTED}");
    let label = format!("`{producer}` produces {{FOUND}}");
    let at = |span: Span| Span::mixed_site().located_at(span);
    let takes = Ident::new("takes", at(*consumer_span));
    let features = quote::quote_spanned!(at(*producer_span)=> Features::<{ #found }>);
    let bound = quote::quote_spanned!(at(*consumer_span)=> Takes<{ #found }, { #expected }>);
    ours! {
        const _: () = {
            struct Features<const FOUND: ::core::primitive::usize>;
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait Takes<const FOUND: ::core::primitive::usize, const EXPECTED: ::core::primitive::usize> {}
            impl Takes<{ #expected }, { #expected }> for Features<{ #expected }> {}
            const fn #takes<Found: #bound>() {}
            #takes::<#features>();
        };
    }
}

fn collect<'a>(chain: &'a Chain, layers: &mut Vec<&'a Layer>) {
    for part in &chain.parts {
        match &part.body {
            Body::Layer(layer) => layers.push(layer),
            Body::Group(group) => collect(group, layers),
            Body::Model(_) | Body::Broken(_) => {}
        }
    }
}

/// A field's type is the user's `Linear`, which must be ours: a type of their own by that name is not taken for it.
fn is_ours(emission: &Emission<'_>, layer: &Layer) -> Option<TokenStream> {
    let path = layer.path.as_ref()?;
    let layers = emission.library.layers();
    let mut plain = path.clone();
    let last = plain.segments.last_mut()?;
    last.arguments = syn::PathArguments::None;
    let name = ident(&layer.name.to_string());
    let one = emission
        .sizes()
        .size_type(&tensor_ops::Poly::number(1), Span::mixed_site());
    let arguments = match layer.name.to_string().as_str() {
        "Linear" => ours!(<#one, #one>),
        "LayerNorm" => ours!(<#one>),
        _ => TokenStream::new(),
    };
    let message = format!("this `{}` is not the layer of this library", layer.name);
    let label = format!("not `tensor::layers::{}`", layer.name);
    let written = quote!(#plain #arguments);
    Some(ours! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait Layer {}
            impl Layer for #layers::#name #arguments {}
            const fn is_ours<Written: Layer>() {}
            is_ours::<#written>();
        };
    })
}

/// A nested model takes the shape that comes, and makes one axis after the batch.
fn nested(emission: &Emission<'_>, index: usize) -> TokenStream {
    let (graph, private, sizes) = (
        emission.lowered,
        emission.library.private(),
        emission.sizes(),
    );
    let nested = &graph.programs[index];
    let (model, part) = (&nested.model, &nested.part);
    let node = graph
        .forward
        .iter()
        .find(|node| node.op == tensor_ops::Op::Call { program: index });
    let shape = node
        .map(|node| graph.shape(node.operands[0]).clone())
        .unwrap_or_else(|| emission.facts.input.clone());
    let rank = Literal::usize_unsuffixed(shape.axes().len() - 1);
    let takes = format!("`{part}` does not take {shape}: it takes another number of axes");
    let makes =
        format!("`{part}` must make one axis after the batch to be a part of another model");
    let _ = sizes;
    ours! {
        const _: () = {
            const PROGRAM: &#private::Program = <#model as #private::Model>::PROGRAM;
            ::core::assert!(PROGRAM.input.len() == #rank, #takes);
            ::core::assert!(PROGRAM.output.len() == 1, #makes);
        };
    }
}
